/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-asker.c: one question at a time, until the service has no more.  Its picture and its words are a stranger's: data with
 * limits, and text. */
#include "config.h"
#include "ui/sign-in-asker.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/copy.h"
#include "ui/entry-rows.h"
#include "ui/page-opener.h"
#include "ui/picture-size.h"
#include "ui/wrapping.h"

#define PICTURE_MIN_PX 120    /* one that is smaller is drawn larger: letters are to be read */

struct _AditSignInAsker
{
  AdwBin         parent_instance;
  GtkLabel      *heading, *sentence, *words, *problem;
  GtkWidget     *card, *list, *button, *open, *copy, *again;
  GtkPicture    *picture;
  AdwEntryRow   *entry;
  GtkSpinner    *spinner;
  AditSignInAsks kind;
  char          *address;    /* (nullable): of the page */
  gboolean       busy;
};

G_DEFINE_FINAL_TYPE (AditSignInAsker, adit_sign_in_asker, ADW_TYPE_BIN)

enum { SIGNAL_ANSWER, SIGNAL_AGAIN, SIGNAL_CANCEL, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean
is_browser (AditSignInAsker *self)
{
  return self->kind == ADIT_SIGN_IN_ASKS_BROWSER;
}

static void
refresh (AditSignInAsker *self)
{
  gboolean has_answer = gtk_editable_get_text (GTK_EDITABLE (self->entry))[0] != '\0';

  gtk_widget_set_sensitive (GTK_WIDGET (self->entry), !self->busy);
  gtk_widget_set_sensitive (self->button, has_answer && !self->busy);
  gtk_widget_set_sensitive (self->again, !self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy || is_browser (self));
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
}

/**
 * adit_sign_in_asker_show_problem:
 * @self: an asker
 * @text: what was wrong, or ""
 */
void
adit_sign_in_asker_show_problem (AditSignInAsker *self, const char *text)
{
  set_text (self->problem, text);
  if (text[0] != '\0')
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

/* What is no picture, or too large a one, is shown to nobody. */
static gboolean
show_picture (AditSignInAsker *self, GBytes *bytes)
{
  gsize length = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (data != NULL && adit_picture_size_is_fine (data, length))
    texture = gdk_texture_new_from_bytes (bytes, NULL);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->card, texture != NULL);
  if (texture != NULL)
    gtk_widget_set_size_request (GTK_WIDGET (self->picture), -1, MAX (gdk_texture_get_height (texture), PICTURE_MIN_PX));
  return texture != NULL;
}

static void
ask_captcha (AditSignInAsker *self, const AditSignInQuestion *question)
{
  gtk_label_set_label (self->heading, _("Are you a person?"));
  gtk_label_set_label (self->sentence, _("The service wants you to type what is written in this picture."));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry), _("What is written there"));
  if (!show_picture (self, question->picture))
    adit_sign_in_asker_show_problem (self, _("The service has sent something that is no picture. Ask for another one."));
  else if (question->was_wrong)
    adit_sign_in_asker_show_problem (self, _("That was not it. This is a new picture."));
}

static void
ask_code (AditSignInAsker *self, const AditSignInQuestion *question)
{
  gtk_label_set_label (self->heading, _("One more code"));
  gtk_label_set_label (self->sentence, _("The account is protected by a second factor. Your authenticator shows a code for it."));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry), _("Code of your second factor"));
  (void) show_picture (self, NULL);
  if (question->was_wrong)
    adit_sign_in_asker_show_problem (self, _("That was not it. A code holds for half a minute; type the newest one."));
}

static void
ask_browser (AditSignInAsker *self, const AditSignInQuestion *question, const AditService *service)
{
  g_autofree char *sentence = g_strdup_printf (_("A page of %s opens in your browser. Sign in there; this window notices it by "
                                                 "itself, within some ten seconds."), service->name);

  gtk_label_set_label (self->heading, _("Go on in the browser"));
  gtk_label_set_label (self->sentence, sentence);
  (void) show_picture (self, NULL);
}

/**
 * adit_sign_in_asker_ask:
 * @self: an asker
 * @question: what is asked
 * @service: by whom
 */
void
adit_sign_in_asker_ask (AditSignInAsker *self, const AditSignInQuestion *question, const AditService *service)
{
  gboolean by_browser = question->kind == ADIT_SIGN_IN_ASKS_BROWSER;

  self->kind = question->kind;
  self->busy = FALSE;
  g_free (self->address);
  self->address = by_browser ? g_strdup (question->text) : NULL;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  adit_sign_in_asker_show_problem (self, "");
  set_text (self->words, by_browser ? "" : question->text);
  gtk_widget_set_visible (self->list, !by_browser);
  gtk_widget_set_visible (self->button, !by_browser);
  gtk_widget_set_visible (self->open, by_browser);
  gtk_widget_set_visible (self->copy, by_browser);
  gtk_widget_set_visible (self->again, question->kind == ADIT_SIGN_IN_ASKS_CAPTCHA);
  if (by_browser)
    ask_browser (self, question, service);
  else if (question->kind == ADIT_SIGN_IN_ASKS_CAPTCHA)
    ask_captcha (self, question);
  else
    ask_code (self, question);
  refresh (self);
  gtk_widget_grab_focus (by_browser ? self->open : GTK_WIDGET (self->entry));
}

/**
 * adit_sign_in_asker_open:
 * @self: an asker that asks for a browser
 *
 * Opens the page.
 */
void
adit_sign_in_asker_open (AditSignInAsker *self)
{
  if (self->address != NULL)
    adit_page_open (GTK_WIDGET (self), self->address);
}

static void
on_open (AditSignInAsker *self)
{
  adit_sign_in_asker_open (self);
}

static void
on_copy (AditSignInAsker *self, GtkButton *button)
{
  if (self->address != NULL)
    adit_copy (button, self->address);
}

static void
on_answer (AditSignInAsker *self)
{
  if (gtk_widget_get_sensitive (self->button) && !is_browser (self))
    g_signal_emit (self, signals[SIGNAL_ANSWER], 0);
}

static void
on_again (AditSignInAsker *self)
{
  g_signal_emit (self, signals[SIGNAL_AGAIN], 0);
}

static void
on_cancel (AditSignInAsker *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static void
on_changed (AditSignInAsker *self)
{
  refresh (self);
}

/**
 * adit_sign_in_asker_dup_answer:
 * @self: an asker
 *
 * Returns: (transfer full) (nullable): what was typed; nothing to a page in a browser
 */
AditSecret *
adit_sign_in_asker_dup_answer (AditSignInAsker *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  return is_browser (self) ? NULL : adit_secret_new (text, strlen (text));
}

/**
 * adit_sign_in_asker_set_busy:
 * @self: an asker
 * @busy: whether the service has been given the answer and says nothing yet
 */
void
adit_sign_in_asker_set_busy (AditSignInAsker *self, gboolean busy)
{
  self->busy = busy;
  refresh (self);
}

static void
adit_sign_in_asker_finalize (GObject *object)
{
  g_free (ADIT_SIGN_IN_ASKER (object)->address);
  G_OBJECT_CLASS (adit_sign_in_asker_parent_class)->finalize (object);
}

static void
adit_sign_in_asker_class_init (AditSignInAskerClass *klass)
{
  static const char *const names[N_SIGNALS] = { "answer", "again", "cancel" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = adit_sign_in_asker_finalize;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], ADIT_TYPE_SIGN_IN_ASKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/sign-in-asker.ui");
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, heading);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, sentence);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, words);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, problem);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, card);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, list);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, button);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, open);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, copy);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, again);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, picture);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, entry);
  gtk_widget_class_bind_template_child (widget_class, AditSignInAsker, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_answer);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
adit_sign_in_asker_init (AditSignInAsker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_entry_rows_tell (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}
