/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-answer.c: reads devices and questions; what is missing or of another type becomes "not told". */
#include "client/api/account-answer.h"

#include "client/api/answer.h"
#include "client/base/error.h"

static char *
dup_word (GVariant *dict, const char *key)
{
  const char *word = "";

  g_variant_lookup (dict, key, "&s", &word);
  return g_strdup (word);
}

/**
 * adit_device_row_free:
 * @self: (transfer full): a device
 */
void
adit_device_row_free (AditDeviceRow *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

/**
 * adit_answer_read_devices:
 * @answer: what GetDevices answered
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (nullable) (element-type AditDeviceRow): the devices, in the service's order
 */
GPtrArray *
adit_answer_read_devices (GVariant *answer, GError **error)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_device_row_free);
  g_autoptr (GVariant) rows = NULL;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(aa{sv})")))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper answered something else than devices");
      return NULL;
    }
  rows = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, i);
      AditDeviceRow *row = g_new0 (AditDeviceRow, 1);

      row->id = dup_word (dict, "id");
      row->name = dup_word (dict, "name");
      g_variant_lookup (dict, "created_at", "x", &row->created_at_s);
      g_variant_lookup (dict, "ours", "b", &row->is_ours);
      g_ptr_array_add (devices, row);
    }
  return g_steal_pointer (&devices);
}

/**
 * adit_sign_in_question_free:
 * @self: (transfer full): a question
 */
void
adit_sign_in_question_free (AditSignInQuestion *self)
{
  g_free (self->service);
  g_free (self->text);
  g_clear_pointer (&self->picture, g_bytes_unref);
  g_free (self);
}

static AditSignInAsks
find_kind (const char *word)
{
  static const char *const kinds[] = { [ADIT_SIGN_IN_ASKS_CAPTCHA] = "captcha", [ADIT_SIGN_IN_ASKS_CODE] = "code",
                                       [ADIT_SIGN_IN_ASKS_BROWSER] = "browser" };

  for (guint i = ADIT_SIGN_IN_ASKS_NOTHING + 1; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i], word))
      return (AditSignInAsks) i;
  return ADIT_SIGN_IN_ASKS_NOTHING;
}

/**
 * adit_answer_read_question:
 * @answer: what GetSignInQuestion answered
 * @fds: (nullable): the descriptors that came with it
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (nullable): the question
 */
AditSignInQuestion *
adit_answer_read_question (GVariant *answer, GUnixFDList *fds, GError **error)
{
  g_autoptr (AditSignInQuestion) self = NULL;
  g_autoptr (GVariant) dict = NULL;
  g_autofree char *kind = NULL;
  gboolean has_picture = FALSE;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv}h)")))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper answered something else than a question");
      return NULL;
    }
  self = g_new0 (AditSignInQuestion, 1);
  dict = g_variant_get_child_value (answer, 0);
  kind = dup_word (dict, "kind");
  self->kind = find_kind (kind);
  self->service = dup_word (dict, "service");
  self->text = dup_word (dict, "text");
  g_variant_lookup (dict, "was_wrong", "b", &self->was_wrong);
  g_variant_lookup (dict, "has_picture", "b", &has_picture);
  if (has_picture)
    {
      self->picture = adit_answer_read_file (answer, 1, fds, ADIT_SIGN_IN_PICTURE_MAX_BYTES, error);
      if (self->picture == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}
