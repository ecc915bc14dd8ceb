/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis-page.c: asked when the page comes up, when the session is in another state, and when the person wants it; the words
 * are those of `adit diagnose`. */
#include "config.h"
#include "ui/diagnosis-page.h"

#include <glib/gi18n.h>

#include "ui/banner.h"
#include "ui/log-group.h"
#include "ui/problem.h"
#include "ui/wrap-layout.h"
#include "ui/wrapping.h"

struct _AditDiagnosisPage
{
  AdwBin               parent_instance;
  AditMirror          *mirror;
  AditBanner          *cause;
  GtkWidget           *well, *details;
  AdwPreferencesGroup *checks, *conflicts;
  GtkButton           *copy, *again;
  GtkSpinner          *spinner;
  GtkLabel            *facts;
  AditLogGroup        *log;
  GPtrArray           *check_rows, *conflict_rows;    /* (element-type AdwActionRow): owned by the groups */
  AditDiagnosis       *diagnosis;    /* (nullable) */
  guint                n_asked;
  AditPresence         presence;     /* when it was asked last */
  AditState            state;
  AditReason           reason;
};

G_DEFINE_FINAL_TYPE (AditDiagnosisPage, adit_diagnosis_page, ADW_TYPE_BIN)

typedef struct { AditDiagnosisPage *page; guint n_asked; } Asked;

static const char *const icons[ADIT_N_VERDICTS] = {
  [ADIT_VERDICT_UNKNOWN] = "content-loading-symbolic",
  [ADIT_VERDICT_GOOD] = "emblem-ok-symbolic",
  [ADIT_VERDICT_BAD] = "dialog-warning-symbolic",
};

static const char *const style_classes[ADIT_N_VERDICTS] = {
  [ADIT_VERDICT_UNKNOWN] = "dim-label",
  [ADIT_VERDICT_GOOD] = "success",
  [ADIT_VERDICT_BAD] = "warning",
};

/* --- What was found -------------------------------------------------------------------------------------------------------- */

static AdwActionRow *
new_row (AdwPreferencesGroup *group, GPtrArray *rows)
{
  AdwActionRow *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title-lines", 0, "subtitle-lines", 0, NULL);

  adw_preferences_group_add (group, GTK_WIDGET (row));
  g_ptr_array_add (rows, row);
  return row;
}

static void
remove_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static char *
dup_words (const AditExplanation *words, gboolean with_remedy)
{
  /* Translators: what happened, and what can be done */
  return with_remedy && words->remedy[0] != '\0' ? g_strdup_printf (_("%s %s"), words->what, words->remedy)
                                                 : g_strdup (words->what);
}

static void
show_check (AditDiagnosisPage *self, const AditDiagnosisCheck *check)
{
  AdwActionRow *row = new_row (self->checks, self->check_rows);
  GtkWidget *icon = gtk_image_new_from_icon_name (icons[check->verdict]);
  GtkWidget *word = gtk_label_new (adit_explain_verdict (check->verdict));
  /* What can be done about the cause stands above. */
  g_autofree char *words = dup_words (&check->words, !g_str_equal (check->blame, self->diagnosis->cause));

  gtk_widget_add_css_class (icon, style_classes[check->verdict]);
  gtk_widget_add_css_class (word, style_classes[check->verdict]);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), check->title);
  adw_action_row_set_subtitle (row, words);
  adw_action_row_add_prefix (row, icon);
  adw_action_row_add_suffix (row, word);
}

static void
show_conflict (AditDiagnosisPage *self, const AditDiagnosisConflict *conflict)
{
  AdwActionRow *row = new_row (self->conflicts, self->conflict_rows);
  g_autofree char *title = conflict->by[0] != '\0' ? g_strdup_printf ("%s, %s", conflict->by, conflict->what)
                                                   : g_strdup (conflict->what);
  g_autofree char *words = dup_words (&conflict->words, TRUE);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, words);
}

static void
show (AditDiagnosisPage *self)
{
  AditDiagnosis *diagnosis = self->diagnosis;
  g_autofree char *facts = adit_diagnosis_dup_facts (diagnosis);
  AditProblem problem;
  gboolean is_wrong = adit_problem_find_cause (diagnosis, &problem);

  gtk_widget_set_visible (self->well, !is_wrong && diagnosis->conflicts->len == 0);
  adit_banner_show_problem (self->cause, is_wrong ? &problem : NULL);
  remove_rows (self->checks, self->check_rows);
  for (guint i = 0; i < diagnosis->checks->len; i++)
    show_check (self, diagnosis->checks->pdata[i]);
  remove_rows (self->conflicts, self->conflict_rows);
  for (guint i = 0; i < diagnosis->conflicts->len; i++)
    show_conflict (self, &g_array_index (diagnosis->conflicts, AditDiagnosisConflict, i));
  gtk_widget_set_visible (GTK_WIDGET (self->conflicts), diagnosis->conflicts->len > 0);
  gtk_label_set_label (self->facts, g_strchomp (facts));
  gtk_widget_set_visible (self->details, TRUE);
}

/* Other people's helper does not tell: that is said instead. */
static void
show_refusal (AditDiagnosisPage *self, const GError *error)
{
  AditProblem problem = { .detail = error->message, .button = "" };

  adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &problem.words);
  adit_banner_show_problem (self->cause, &problem);
  gtk_widget_set_visible (self->well, FALSE);
  gtk_widget_set_visible (self->details, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->conflicts), FALSE);
  remove_rows (self->checks, self->check_rows);
}

/* --- Asking ---------------------------------------------------------------------------------------------------------------- */

static void
set_asking (AditDiagnosisPage *self, gboolean asking)
{
  gtk_spinner_set_spinning (self->spinner, asking);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), asking);
  gtk_widget_set_sensitive (GTK_WIDGET (self->again), !asking);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy), !asking && self->diagnosis != NULL);
}

static void
on_diagnosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asked *asked = user_data;
  g_autoptr (AditDiagnosisPage) self = asked->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (AditDiagnosis) diagnosis = adit_mirror_diagnose_finish (ADIT_MIRROR (source), result, &error);

  if (self->mirror == NULL || asked->n_asked != self->n_asked)
    return;
  g_clear_pointer (&self->diagnosis, adit_diagnosis_free);
  self->diagnosis = g_steal_pointer (&diagnosis);
  set_asking (self, FALSE);
  gtk_button_set_label (self->copy, _("Copy"));
  if (self->diagnosis != NULL)
    show (self);
  else
    show_refusal (self, error);
}

static void
ask (AditDiagnosisPage *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  Asked *asked = g_new0 (Asked, 1);

  self->presence = adit_mirror_get_presence (self->mirror);
  self->state = status != NULL ? status->state : ADIT_STATE_BLOCKED;
  self->reason = status != NULL ? status->reason : ADIT_REASON_NONE;
  asked->page = g_object_ref (self);
  asked->n_asked = ++self->n_asked;
  set_asking (self, TRUE);
  adit_mirror_diagnose_async (self->mirror, on_diagnosed, asked);
}

static void
follow (AditDiagnosisPage *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      (adit_mirror_get_presence (self->mirror) != self->presence ||
       (status != NULL && (status->state != self->state || status->reason != self->reason))))
    ask (self);
}

static void
on_again_clicked (AditDiagnosisPage *self)
{
  ask (self);
}

static void
on_copy_clicked (AditDiagnosisPage *self)
{
  g_autofree char *text = adit_diagnosis_dup_text (self->diagnosis);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_button_set_label (self->copy, _("Copied"));
}

static void
adit_diagnosis_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (adit_diagnosis_page_parent_class)->map (widget);
  ask (ADIT_DIAGNOSIS_PAGE (widget));
}

static void
adit_diagnosis_page_dispose (GObject *object)
{
  AditDiagnosisPage *self = ADIT_DIAGNOSIS_PAGE (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->diagnosis, adit_diagnosis_free);
  g_clear_pointer (&self->check_rows, g_ptr_array_unref);
  g_clear_pointer (&self->conflict_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (adit_diagnosis_page_parent_class)->dispose (object);
}

static void
adit_diagnosis_page_class_init (AditDiagnosisPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_diagnosis_page_dispose;
  widget_class->map = adit_diagnosis_page_map;
  g_type_ensure (ADIT_TYPE_BANNER);
  g_type_ensure (ADIT_TYPE_LOG_GROUP);
  g_type_ensure (ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/diagnosis-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, cause);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, well);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, details);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, checks);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, conflicts);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, copy);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, again);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, facts);
  gtk_widget_class_bind_template_child (widget_class, AditDiagnosisPage, log);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
}

static void
adit_diagnosis_page_init (AditDiagnosisPage *self)
{
  self->check_rows = g_ptr_array_new ();
  self->conflict_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_diagnosis_page_set_mirror:
 * @self: a page
 * @mirror: who is asked, from now on and for good
 */
void
adit_diagnosis_page_set_mirror (AditDiagnosisPage *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  adit_log_group_set_mirror (self->log, mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
}
