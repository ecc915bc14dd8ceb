/* SPDX-License-Identifier: GPL-2.0-or-later */
/* login.c: signing in: the credential, and whatever the service asks then, from a person or from the lines of standard input. */
#include "client/cli/cli.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "client/api/answer.h"
#include "client/model/service.h"

#define PICTURE_MAX_BYTES (128 * 1024)    /* what the helper hands on of one */
#define POLL_US           (10 * G_TIME_SPAN_SECOND)
#define MAX_POLLS         30              /* five minutes: then nobody is there */

/* Standard input where it is no terminal: read once, and taken line by line. */
typedef struct
{
  gboolean terminal;
  char     text[4096];
  char    *next;
} Input;

static gboolean
open_input (Input *self, GError **error)
{
  g_autoptr (AditSecret) all = NULL;

  memset (self, 0, sizeof *self);
  self->next = self->text;
  self->terminal = isatty (STDIN_FILENO);
  if (self->terminal)
    return TRUE;
  all = adit_cli_read_credential ("", error);
  if (all != NULL && adit_secret_get_size (all) >= sizeof self->text)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED, _("That is too long"));
  else if (all != NULL)
    adit_secret_copy_to (all, self->text, sizeof self->text - 1);
  return self->text[0] != '\0';
}

/* NULL with @error unset where there is no further line and nobody to ask. */
static AditSecret *
take_lines (Input *self, guint n_lines, GError **error)
{
  char *end = self->next;
  AditSecret *lines;

  for (guint i = 0; i < n_lines; i++)
    end += strcspn (end, "\n") + (i + 1 < n_lines && strchr (end, '\n') != NULL ? 1 : 0);
  if (end == self->next)
    return NULL;
  lines = adit_secret_new (self->next, (gsize) (end - self->next));
  self->next = *end == '\n' ? end + 1 : end;
  return lines;
}

static AditSecret *
ask (Input *input, const char *prompt, GError **error)
{
  return input->terminal ? adit_cli_read_credential (prompt, error) : take_lines (input, 1, error);
}

static AditSecret *
ask_both (Input *input, const AditService *service, GError **error)
{
  g_autofree char *prompt = g_strdup_printf (_("User name at %s"), service->name);
  g_autoptr (AditSecret) name = NULL, password = NULL;
  const guint8 *name_bytes, *password_bytes;
  gsize name_length, password_length;
  AditSecret *both;
  char *text;

  if (!input->terminal)
    return take_lines (input, 2, error);
  name = adit_cli_read_credential (prompt, error);
  password = name != NULL ? adit_cli_read_credential (_("Password"), error) : NULL;
  if (password == NULL)
    return NULL;
  name_bytes = adit_secret_peek (name, &name_length);
  password_bytes = adit_secret_peek (password, &password_length);
  text = g_malloc (name_length + 1 + password_length);
  memcpy (text, name_bytes, name_length);
  text[name_length] = '\n';
  memcpy (text + name_length + 1, password_bytes, password_length);
  both = adit_secret_new (text, name_length + 1 + password_length);
  adit_wipe (text, name_length + 1 + password_length);
  g_free (text);
  return both;
}

static AditSecret *
read_credential (Input *input, const AditService *service, GError **error)
{
  g_autofree char *prompt = g_strdup_printf (_("Account number at %s"), service->name);
  AditSecret *credential;

  if (service->sign_in == ADIT_SIGN_IN_BROWSER)
    return adit_secret_new ("-", 1);    /* nobody reads it */
  if (!open_input (input, error))
    return NULL;
  credential = service->sign_in == ADIT_SIGN_IN_LOGIN ? ask_both (input, service, error) : ask (input, prompt, error);
  if (credential == NULL && error != NULL && *error == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED, _("Nothing was entered"));
  return credential;
}

/* --- What the service asks then ------------------------------------------------------------------------------------------- */

/* Nobody here looks into it: a file that the person opens with what they trust. */
static char *
save_picture (GVariant *question, GUnixFDList *fds, GError **error)
{
  g_autoptr (GBytes) picture = adit_answer_read_file (question, 1, fds, PICTURE_MAX_BYTES, error);
  g_autofree char *path = NULL;
  gsize length;
  const char *bytes;
  int fd;

  if (picture == NULL)
    return NULL;
  path = g_build_filename (g_get_user_runtime_dir (), "adit-picture-XXXXXX", NULL);
  fd = g_mkstemp_full (path, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, _("The picture cannot be written to %s"), path);
      return NULL;
    }
  bytes = g_bytes_get_data (picture, &length);
  if (write (fd, bytes, length) != (gssize) length)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, _("The picture cannot be written to %s"), path);
  close (fd);
  if (*error == NULL)
    return g_steal_pointer (&path);
  g_remove (path);
  return NULL;
}

static AditSecret *
ask_for_picture (Input *input, GVariant *question, GUnixFDList *fds, GError **error)
{
  g_autofree char *path = save_picture (question, fds, error);
  AditSecret *answer;

  if (path == NULL)
    return NULL;
  if (input->terminal)
    g_printerr (_("The service wants to know whether you are a person. Open this picture: %s\n"), path);
  answer = ask (input, _("What is written there"), error);
  g_remove (path);
  return answer;
}

static gboolean
wait_for_browser (AditCli *cli, const char *page, guint n_polls)
{
  g_autofree char *line = adit_cli_dup_line (page);

  if (n_polls == 0)
    g_printerr (_("Sign in on this page; this program waits for it:\n%s\n"), line);
  if (n_polls >= MAX_POLLS)
    return FALSE;
  g_usleep (POLL_US);
  return TRUE;
}

/* What to call AnswerSignIn with; FALSE with @error unset where nobody answers. */
static gboolean
answer_question (AditCli *cli, Input *input, guint n_asked, GUnixFDList **fds, GError **error)
{
  g_autoptr (GUnixFDList) pictures = NULL;
  g_autoptr (GVariant) question = adit_cli_call (cli, "GetSignInQuestion", g_variant_new ("(@a{sv})",
                                                 adit_cli_options (cli, NULL, FALSE)), NULL, &pictures, error);
  g_autoptr (GVariant) dict = question != NULL ? g_variant_get_child_value (question, 0) : NULL;
  g_autoptr (AditSecret) answer = NULL;
  const char *kind = "", *text = "";
  gboolean was_wrong = FALSE;

  if (dict == NULL)
    return FALSE;
  g_variant_lookup (dict, "kind", "&s", &kind);
  g_variant_lookup (dict, "text", "&s", &text);
  g_variant_lookup (dict, "was_wrong", "b", &was_wrong);
  if (g_str_equal (kind, "browser"))
    return wait_for_browser (cli, text, n_asked);
  if (was_wrong && input->terminal)
    g_printerr (_("That was not it.\n"));
  if (g_str_equal (kind, "captcha"))
    answer = ask_for_picture (input, question, pictures, error);
  else
    answer = ask (input, _("The code of your second factor"), error);
  if (answer == NULL)
    return FALSE;
  *fds = adit_client_wrap_secret (answer, error);
  return *fds != NULL;
}

static GVariant *
answer_questions (AditCli *cli, Input *input, GError **error)
{
  GVariant *answer = NULL;

  for (guint i = 0; answer == NULL && g_error_matches (*error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED); i++)
    {
      g_autoptr (GUnixFDList) fds = NULL;
      GError *problem = NULL;
      GVariantBuilder options;

      if (!answer_question (cli, input, i, &fds, &problem))
        {
          if (problem != NULL)
            {
              g_clear_error (error);
              g_propagate_error (error, problem);
            }
          return NULL;
        }
      g_clear_error (error);
      g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
      if (fds != NULL)
        g_variant_builder_add (&options, "{sv}", "answer", g_variant_new_handle (0));
      g_variant_builder_add (&options, "{sv}", "force", g_variant_new_boolean (cli->force));    /* asked anew with each answer */
      answer = adit_cli_call (cli, "AnswerSignIn", g_variant_new ("(a{sv})", &options), fds, NULL, error);
    }
  return answer;
}

static GVariant *
sign_in (AditCli *cli, const AditService *service, GError **error)
{
  Input input = { 0 };
  g_autoptr (AditSecret) credential = read_credential (&input, service, error);
  g_autoptr (GUnixFDList) fds = credential != NULL ? adit_client_wrap_secret (credential, error) : NULL;
  GVariant *answer = NULL;

  if (fds != NULL)
    answer = adit_cli_call (cli, "LogIn", g_variant_new ("(sh@a{sv})", service->id, 0,
                                                         adit_cli_options (cli, "force", cli->force)), fds, NULL, error);
  if (fds != NULL && answer == NULL)
    answer = answer_questions (cli, &input, error);
  adit_wipe (&input, sizeof input);
  return answer;
}

static void
refuse_name (GError **error)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; adit_service_at (i) != NULL; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", adit_service_at (i)->id);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, _("Adit knows: %s"), names->str);
  g_string_free (names, TRUE);
}

/**
 * adit_cli_login:
 * @cli: this run; its word is the service
 *
 * Returns: the exit code
 */
int
adit_cli_login (AditCli *cli)
{
  const AditService *service = adit_service_find (cli->words[0]);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  const char *account;

  if (service == NULL)
    refuse_name (&error);
  else
    answer = sign_in (cli, service, &error);
  if (answer == NULL)
    return adit_cli_fail (cli, error);
  g_variant_get (answer, "(&s)", &account);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "account", json_string (account));
      adit_cli_print_json (object);
    }
  else
    g_print (_("Signed in at %s. Connect with: adit connect\n"), service->name);
  return ADIT_CLI_OK;
}
