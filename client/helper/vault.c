/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vault.c: one file an account, 0600 in a 0700 directory, one fixed record: a form that can be read without a parser and wiped
 * from memory as one piece. */
#define G_LOG_DOMAIN "adit-vault"

#include "client/helper/vault.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/file.h"

#define MAGIC  "AditVlt"
#define FORMAT 1
#define DIGEST_BYTES 32
#define RECORD_BYTES 2544    /* of the first version, whose room at the end was used later */
#define INACTIVE         (1u << 0)
#define RENEWED          (1u << 1)
#define REFUSES_MULTIHOP (1u << 2)
#define CHOSEN           (1u << 3)
#define MAX_ACCOUNTS 64    /* more is a mistake or a flood */
#define FILE_MAX_BYTES (64 * 1024)    /* room for a newer format's record, which has to be told from a damaged one */

typedef struct
{
  char       magic[8];
  guint32    format, size_bytes;
  guint32    owner_uid, n_addresses;
  gint64     expires_at_s, checked_at_s, token_expires_at_s;
  char       service[ADIT_SERVICE_ID_MAX_BYTES];
  char       id[ADIT_ACCOUNT_ID_MAX_BYTES];
  char       device_id[ADIT_DEVICE_ID_MAX_BYTES];
  char       device_name[ADIT_NAME_MAX_BYTES];
  AditPrefix addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  char       short_credential[128];        /* either this */
  char       token[1024];
  guint8     private_key[ADIT_WG_KEY_BYTES];
  guint32    device_limit;
  gint64     key_made_at_s;
  guint32    flags;
  char       username[128], password[128];
  char       plan[ADIT_NAME_MAX_BYTES];
  char       credential[ADIT_CREDENTIAL_MAX_BYTES];    /* or this, where it is longer */
  guint8     reserved[56];                 /* zero; room for what a later format of the same size needs */
  guint8     digest[DIGEST_BYTES];         /* SHA-256 of all before it: tells a torn file, not an attacker */
} Record;

G_STATIC_ASSERT (sizeof (Record) == RECORD_BYTES);

struct _AditVault
{
  char      *directory;
  GPtrArray *accounts;
};

/**
 * adit_account_new:
 * @service: where the credential is good
 * @owner_uid: whose account it is on this computer
 * @credential: (transfer none) (nullable): what the service knows the person by; %NULL as long as that is not known
 * @private_key: (transfer none): the key of the device to be
 *
 * Returns: (transfer full): an account with a new id that no vault has yet
 */
AditAccount *
adit_account_new (const AditService *service, guint32 owner_uid, AditSecret *credential, AditSecret *private_key)
{
  AditAccount *self = g_new0 (AditAccount, 1);
  g_autofree char *id = g_uuid_string_random ();

  g_strlcpy (self->id, id, sizeof self->id);
  self->service = service;
  self->owner_uid = owner_uid;
  self->credential = credential != NULL ? adit_secret_ref (credential) : NULL;
  self->private_key = adit_secret_ref (private_key);
  return self;
}

/**
 * adit_account_free:
 * @self: (nullable): an account; its secrets are wiped
 */
void
adit_account_free (AditAccount *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->credential, adit_secret_unref);
  g_clear_pointer (&self->openvpn_username, adit_secret_unref);
  g_clear_pointer (&self->openvpn_password, adit_secret_unref);
  g_clear_pointer (&self->token, adit_secret_unref);
  g_clear_pointer (&self->private_key, adit_secret_unref);
  g_free (self);
}

static void
digest_record (const Record *record, guint8 digest[DIGEST_BYTES])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *) record, G_STRUCT_OFFSET (Record, digest));
  g_checksum_get_digest (checksum, digest, &length);
}

static gboolean
is_text (const char *field, gsize size)
{
  return memchr (field, '\0', size) != NULL;
}

static AditSecret *
secret_from (const char *field)
{
  return field[0] != '\0' ? adit_secret_new (field, strlen (field)) : NULL;
}

/* Takes a record apart; NULL for one that is not whole. */
static AditAccount *
account_from_record (const Record *record)
{
  g_autoptr (AditAccount) account = g_new0 (AditAccount, 1);
  guint8 digest[DIGEST_BYTES];

  digest_record (record, digest);
  if (memcmp (digest, record->digest, sizeof digest) != 0 || record->size_bytes != sizeof *record ||
      !is_text (record->service, sizeof record->service) || !is_text (record->id, sizeof record->id) ||
      !is_text (record->device_id, sizeof record->device_id) || !is_text (record->device_name, sizeof record->device_name) ||
      !is_text (record->short_credential, sizeof record->short_credential) ||
      !is_text (record->credential, sizeof record->credential) || !is_text (record->token, sizeof record->token) ||
      !is_text (record->username, sizeof record->username) || !is_text (record->password, sizeof record->password) ||
      !is_text (record->plan, sizeof record->plan) || (record->plan[0] != '\0' && !adit_name_is_valid (record->plan)) ||
      record->n_addresses > ADIT_TUNNEL_MAX_ADDRESSES || !g_uuid_string_is_valid (record->id))
    return NULL;
  account->service = adit_service_find (record->service);
  if (account->service == NULL)
    return NULL;
  g_strlcpy (account->id, record->id, sizeof account->id);
  g_strlcpy (account->device_id, record->device_id, sizeof account->device_id);
  g_strlcpy (account->device_name, record->device_name, sizeof account->device_name);
  account->owner_uid = record->owner_uid;
  account->expires_at_s = record->expires_at_s;
  account->checked_at_s = record->checked_at_s;
  account->token_expires_at_s = record->token_expires_at_s;
  account->n_addresses = record->n_addresses;
  for (guint i = 0; i < record->n_addresses; i++)
    {
      if (!adit_prefix_is_valid (&record->addresses[i]))
        return NULL;
      account->addresses[i] = record->addresses[i];
    }
  account->key_made_at_s = record->key_made_at_s;
  g_strlcpy (account->plan, record->plan, sizeof account->plan);
  account->device_limit = record->device_limit;
  account->is_inactive = (record->flags & INACTIVE) != 0;
  account->is_renewed = (record->flags & RENEWED) != 0;
  account->refuses_multihop = (record->flags & REFUSES_MULTIHOP) != 0;
  account->is_chosen = (record->flags & CHOSEN) != 0;
  account->credential = secret_from (record->credential[0] != '\0' ? record->credential : record->short_credential);
  if (account->credential == NULL)
    return NULL;
  account->token = secret_from (record->token);
  account->openvpn_username = secret_from (record->username);
  account->openvpn_password = secret_from (record->password);
  account->private_key = adit_secret_new (record->private_key, sizeof record->private_key);
  return g_steal_pointer (&account);
}

static char *
dup_path (AditVault *self, const char *id)
{
  return g_build_filename (self->directory, id, NULL);
}

/**
 * adit_vault_save:
 * @self: a vault
 * @account: one of its accounts, changed
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then the file is as it was
 *
 * Returns: whether the change is on disk
 */
gboolean
adit_vault_save (AditVault *self, AditAccount *account, GError **error)
{
  g_autofree char *path = dup_path (self, account->id);
  Record record;
  gboolean saved;

  memset (&record, 0, sizeof record);
  memcpy (record.magic, MAGIC, sizeof record.magic);
  record.format = FORMAT;
  record.size_bytes = sizeof record;
  record.owner_uid = account->owner_uid;
  record.expires_at_s = account->expires_at_s;
  record.checked_at_s = account->checked_at_s;
  record.token_expires_at_s = account->token_expires_at_s;
  record.n_addresses = account->n_addresses;
  for (guint i = 0; i < account->n_addresses; i++)
    record.addresses[i] = account->addresses[i];
  g_strlcpy (record.service, account->service->id, sizeof record.service);
  g_strlcpy (record.id, account->id, sizeof record.id);
  g_strlcpy (record.device_id, account->device_id, sizeof record.device_id);
  g_strlcpy (record.device_name, account->device_name, sizeof record.device_name);
  record.key_made_at_s = account->key_made_at_s;
  record.device_limit = account->device_limit;
  record.flags = (account->is_inactive ? INACTIVE : 0) | (account->is_renewed ? RENEWED : 0) |
                 (account->refuses_multihop ? REFUSES_MULTIHOP : 0) | (account->is_chosen ? CHOSEN : 0);
  g_strlcpy (record.plan, account->plan, sizeof record.plan);
  if (adit_secret_get_size (account->credential) < sizeof record.short_credential)
    adit_secret_copy_to (account->credential, record.short_credential, sizeof record.short_credential - 1);
  else
    adit_secret_copy_to (account->credential, record.credential, sizeof record.credential - 1);
  adit_secret_copy_to (account->openvpn_username, record.username, sizeof record.username - 1);
  adit_secret_copy_to (account->openvpn_password, record.password, sizeof record.password - 1);
  adit_secret_copy_to (account->token, record.token, sizeof record.token - 1);
  adit_secret_copy_to (account->private_key, record.private_key, sizeof record.private_key);
  digest_record (&record, record.digest);
  saved = adit_file_write (path, &record, sizeof record, 0600, error);
  adit_wipe (&record, sizeof record);
  return saved;
}

static gboolean
load_account (AditVault *self, const char *id, GError **error)
{
  g_autofree char *path = dup_path (self, id);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) local = NULL;
  AditAccount *account = NULL;
  gsize length;

  bytes = adit_file_read (path, FILE_MAX_BYTES, &length, &local);
  if (bytes == NULL)
    {
      /* One account that cannot be read is no reason to be without a helper, and so perhaps without a lock. */
      if (local != NULL)
        g_warning ("%s is left out: %s", path, local->message);
      return TRUE;
    }
  if (length >= G_STRUCT_OFFSET (Record, owner_uid) && memcmp (bytes, MAGIC, sizeof MAGIC) == 0 &&
      ((Record *) bytes)->format > FORMAT)
    {
      adit_wipe (bytes, length);
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT, "%s was written by a newer version of Adit", path);
      return FALSE;
    }
  if (length == sizeof (Record) && memcmp (bytes, MAGIC, sizeof MAGIC) == 0)
    account = account_from_record ((const Record *) bytes);
  adit_wipe (bytes, length);
  if (account == NULL || !g_str_equal (account->id, id))
    {
      /* Left where it is: a person may know how to mend it, and nothing of ours overwrites it. */
      g_warning ("%s is damaged and is left out", path);
      adit_account_free (account);
      return TRUE;
    }
  g_ptr_array_add (self->accounts, account);
  return TRUE;
}

/**
 * adit_vault_open:
 * @directory: where the accounts are; made when it is not there
 * @error: return location; %ADIT_ERROR_STORE_FAILED, %ADIT_ERROR_NEWER_FORMAT
 *
 * Returns: (transfer full) (nullable): the vault with every account that is whole
 */
AditVault *
adit_vault_open (const char *directory, GError **error)
{
  g_autoptr (AditVault) self = g_new0 (AditVault, 1);
  g_autoptr (GDir) entries = NULL;
  g_autoptr (GError) local = NULL;
  const char *name;

  self->directory = g_strdup (directory);
  self->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_account_free);
  if (!adit_directory_ensure (directory, 0700, error))
    return NULL;
  entries = g_dir_open (directory, 0, &local);
  if (entries == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Could not read %s: %s", directory, local->message);
      return NULL;
    }
  while ((name = g_dir_read_name (entries)) != NULL)
    if (g_uuid_string_is_valid (name) && self->accounts->len < MAX_ACCOUNTS && !load_account (self, name, error))
      return NULL;
  return g_steal_pointer (&self);
}

/**
 * adit_vault_close:
 * @self: (nullable): a vault; all secrets in memory are wiped
 */
void
adit_vault_close (AditVault *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_free (self->directory);
  g_free (self);
}

/**
 * adit_vault_get_accounts:
 * @self: a vault
 *
 * Returns: (transfer none) (element-type AditAccount): all accounts
 */
GPtrArray *
adit_vault_get_accounts (AditVault *self)
{
  return self->accounts;
}

/**
 * adit_vault_find:
 * @self: a vault
 * @id: an account's id
 *
 * Returns: (transfer none) (nullable): the account
 */
AditAccount *
adit_vault_find (AditVault *self, const char *id)
{
  for (guint i = 0; i < self->accounts->len; i++)
    if (g_str_equal (((AditAccount *) self->accounts->pdata[i])->id, id))
      return self->accounts->pdata[i];
  return NULL;
}

/**
 * adit_vault_find_for_owner:
 * @self: a vault
 * @owner_uid: a person's uid
 *
 * Returns: (transfer none) (nullable): the account that this person has chosen, or else signed in to last
 */
AditAccount *
adit_vault_find_for_owner (AditVault *self, guint32 owner_uid)
{
  AditAccount *found = NULL;

  for (guint i = self->accounts->len; i > 0; i--)
    {
      AditAccount *account = self->accounts->pdata[i - 1];

      if (account->owner_uid == owner_uid && (found == NULL || (account->is_chosen && !found->is_chosen)))
        found = account;
    }
  return found;
}

/**
 * adit_vault_choose:
 * @self: a vault
 * @account: one of its accounts: from now on it is adit_vault_find_for_owner()'s
 * @error: return location; %ADIT_ERROR_STORE_FAILED; then another one may still be chosen besides, and in the next run be found
 *
 * Returns: whether that is on disk
 */
gboolean
adit_vault_choose (AditVault *self, AditAccount *account, GError **error)
{
  gboolean saved = TRUE;

  for (guint i = 0; i < self->accounts->len; i++)
    {
      AditAccount *other = self->accounts->pdata[i];
      gboolean is_chosen = other == account;

      if (other->owner_uid != account->owner_uid || other->is_chosen == is_chosen)
        continue;
      other->is_chosen = is_chosen;
      saved = saved && adit_vault_save (self, other, error);
    }
  return saved;
}

/**
 * adit_vault_add:
 * @self: a vault
 * @account: (transfer full): a new account; freed on failure
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether it is on disk and among the accounts
 */
gboolean
adit_vault_add (AditVault *self, AditAccount *account, GError **error)
{
  g_autoptr (AditAccount) taken = account;

  if (self->accounts->len >= MAX_ACCOUNTS)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "There are %d accounts already", MAX_ACCOUNTS);
      return FALSE;
    }
  if (!adit_vault_save (self, account, error))
    return FALSE;
  g_ptr_array_add (self->accounts, g_steal_pointer (&taken));
  return TRUE;
}

/**
 * adit_vault_remove:
 * @self: a vault
 * @account: one of its accounts; freed on success
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether it is gone
 */
gboolean
adit_vault_remove (AditVault *self, AditAccount *account, GError **error)
{
  g_autofree char *path = dup_path (self, account->id);

  if (!adit_file_remove (path, error))
    return FALSE;
  g_ptr_array_remove (self->accounts, account);
  return TRUE;
}
