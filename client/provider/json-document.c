/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-document.c: where the values of one text are kept, in bounds that are known before the first is read.  A list of 20,000
 * servers has 400,000 values: to allocate each of them costs more time than all the rest, and many times the memory.  So they lie
 * in one row, their texts in blocks, and a key that 20,000 rows have is there once. */
#include "client/provider/json-document.h"

#include <string.h>

#include "client/base/secret.h"

#define MAX_DEPTH    16         /* the deepest answer in use has 6 levels */
#define MAX_VALUES   1000000    /* 20,000 relays have 400,000; each takes 24 bytes */
#define MAX_KEYS     16384      /* different ones: a relay has some 20, and a list of places one each */
#define BLOCK_BYTES  65536
#define FIRST_VALUES 64

typedef struct _Block Block;
struct _Block
{
  Block *before;
  gsize  length;
  char   bytes[];
};

/* What stays when all is read.  All of a text's values lie behind it: an object or array first, then what is in it. */
typedef struct
{
  Block    *texts;
  gsize     left_bytes;     /* in the first block */
  guint     n_values, n_room;
  AditJson  values[];
} Store;

typedef struct
{
  const char *text;
  guint32     length, object;    /* the last object that had it */
  guint32     next;              /* which came behind it the last time, plus 1: rows of a list are alike */
} Key;

struct _AditJsonDocument
{
  Store      *store;
  GTree      *known;      /* text -> position in keys, plus 1; a stranger can choose texts that have one hash */
  GArray     *keys;       /* of Key */
  guint32     key;        /* of the value to come, plus 1 */
  guint32     last_key;   /* plus 1 */
  guint       n_objects, depth;
  guint       open[MAX_DEPTH];    /* positions of the objects and arrays that are not closed yet */
};

/**
 * adit_json_document_new:
 *
 * Takes at most 24 bytes for each of a million values, 64 for each of 16384 different keys, and what their texts take.
 *
 * Returns: (transfer full): room for the values of one text
 */
AditJsonDocument *
adit_json_document_new (void)
{
  AditJsonDocument *self = g_new0 (AditJsonDocument, 1);

  self->store = g_malloc0 (sizeof *self->store + FIRST_VALUES * sizeof (AditJson));
  self->store->n_room = FIRST_VALUES;
  self->known = g_tree_new ((GCompareFunc) strcmp);
  self->keys = g_array_new (FALSE, FALSE, sizeof (Key));
  return self;
}

/**
 * adit_json_document_free:
 * @self: (nullable) (transfer full): a document; its values go with it unless they were taken
 */
void
adit_json_document_free (AditJsonDocument *self)
{
  if (self == NULL)
    return;
  adit_json_free (self->store != NULL ? self->store->values : NULL);
  g_tree_unref (self->known);
  g_array_unref (self->keys);
  g_free (self);
}

static char *
take_bytes (Store *store, gsize length)
{
  Block *block = store->texts;

  if (length > store->left_bytes)
    {
      gsize room = MAX (length, BLOCK_BYTES);

      block = g_malloc (sizeof *block + room);
      block->before = store->texts;
      block->length = room;
      store->texts = block;
      store->left_bytes = room;
    }
  store->left_bytes -= length;
  return block->bytes + block->length - store->left_bytes - length;
}

/**
 * adit_json_document_dup_text:
 * @self: a document
 * @text: a text of a value's
 * @length: its bytes
 *
 * Returns: (transfer none): the same with a NUL behind it, as long as the values live
 */
const char *
adit_json_document_dup_text (AditJsonDocument *self, const char *text, gsize length)
{
  char *copy = take_bytes (self->store, length + 1);

  memcpy (copy, text, length);
  copy[length] = '\0';
  return copy;
}

/* The key that came behind the last one before, if it does again. */
static guint32
guess_key (AditJsonDocument *self, const char *text, gsize length)
{
  guint32 guess = self->last_key > 0 ? g_array_index (self->keys, Key, self->last_key - 1).next : 0;
  Key *key = guess > 0 ? &g_array_index (self->keys, Key, guess - 1) : NULL;

  return key != NULL && key->length == length && memcmp (key->text, text, length) == 0 ? guess : 0;
}

/* Each key once: its position, plus 1; 0 where they are too many. */
static guint32
find_key (AditJsonDocument *self, const char *text, gsize length)
{
  const char *copy = adit_json_document_dup_text (self, text, length);
  guint32 position = GPOINTER_TO_UINT (g_tree_lookup (self->known, copy));

  if (position > 0)
    {
      self->store->left_bytes += length + 1;
      return position;
    }
  if (self->keys->len == MAX_KEYS)
    return 0;
  g_array_append_val (self->keys, ((Key) { .text = copy, .length = (guint32) length }));
  g_tree_insert (self->known, (gpointer) copy, GUINT_TO_POINTER (self->keys->len));
  return self->keys->len;
}

/**
 * adit_json_document_name:
 * @self: a document, in whose last open object
 * @text: a key stands
 * @length: its bytes
 *
 * Returns: whether it could be kept for the value that is added next
 */
gboolean
adit_json_document_name (AditJsonDocument *self, const char *text, gsize length)
{
  self->key = guess_key (self, text, length);
  if (self->key == 0)
    self->key = find_key (self, text, length);
  if (self->key > 0 && self->last_key > 0)
    g_array_index (self->keys, Key, self->last_key - 1).next = self->key;
  self->last_key = self->key;
  return self->key > 0;
}

/**
 * adit_json_document_add:
 * @self: a document
 * @type: of a value that stands behind all that were added, in the last one that is open
 *
 * Returns: (transfer none) (nullable): it, to be filled in before the next is added; %NULL where they are too many
 */
AditJson *
adit_json_document_add (AditJsonDocument *self, AditJsonType type)
{
  Store *store = self->store;
  AditJson *value;

  if (store->n_values == MAX_VALUES)
    return NULL;
  if (store->n_values == store->n_room)
    {
      store->n_room *= 2;
      store = g_realloc (store, sizeof *store + store->n_room * sizeof (AditJson));
      self->store = store;
    }
  value = &store->values[store->n_values++];
  *value = (AditJson) { .type = type, .key_position = self->key, .span = 1 };
  self->key = 0;
  if (self->depth > 0)
    store->values[self->open[self->depth - 1]].n_members++;
  return value;
}

/**
 * adit_json_document_open:
 * @self: a document
 * @type: %ADIT_JSON_OBJECT or %ADIT_JSON_ARRAY
 *
 * Returns: whether there was room for it, and it is not too deep
 */
gboolean
adit_json_document_open (AditJsonDocument *self, AditJsonType type)
{
  if (self->depth == MAX_DEPTH || adit_json_document_add (self, type) == NULL)
    return FALSE;
  self->open[self->depth++] = self->store->n_values - 1;
  return TRUE;
}

/* Looked at when all of it is there, so that an object inside that has the same key does not come between. */
static gboolean
has_no_key_twice (AditJsonDocument *self, AditJson *object)
{
  guint32 number = ++self->n_objects;
  AditJson *value;

  ADIT_JSON_FOREACH_MEMBER (object, value)
    {
      Key *key = &g_array_index (self->keys, Key, value->key_position - 1);

      if (key->object == number)
        return FALSE;
      key->object = number;
    }
  return TRUE;
}

/**
 * adit_json_document_close:
 * @self: a document; all of the object or array that was opened last is there
 *
 * Returns: whether no key is in it twice
 */
gboolean
adit_json_document_close (AditJsonDocument *self)
{
  guint position = self->open[--self->depth];
  AditJson *value = &self->store->values[position];

  value->span = self->store->n_values - position;
  return value->type == ADIT_JSON_ARRAY || has_no_key_twice (self, value);
}

/**
 * adit_json_document_finish:
 * @self: a document with all of a text's values
 *
 * Returns: (transfer full) (nullable): the first, which all others are in
 */
AditJson *
adit_json_document_finish (AditJsonDocument *self)
{
  Store *store = self->store->n_values > 0 ? g_steal_pointer (&self->store) : NULL;

  /* From positions to texts, which stay where they are. */
  for (guint i = 0; store != NULL && i < store->n_values; i++)
    {
      guint32 position = store->values[i].key_position;

      store->values[i].key = position > 0 ? g_array_index (self->keys, Key, position - 1).text : NULL;
    }
  return store != NULL ? store->values : NULL;
}

/**
 * adit_json_free:
 * @root: (nullable) (transfer full): a whole text's value
 *
 * Frees it with all that is in it, and wipes the texts: one may be a token.
 */
void
adit_json_free (AditJson *root)
{
  Store *store = root != NULL ? (Store *) ((char *) root - G_STRUCT_OFFSET (Store, values)) : NULL;

  while (store != NULL && store->texts != NULL)
    {
      Block *block = store->texts;

      store->texts = block->before;
      adit_wipe (block->bytes, block->length);
      g_free (block);
    }
  g_free (store);
}
