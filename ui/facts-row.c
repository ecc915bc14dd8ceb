/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts-row.c: a row a fact; those that there is nothing to tell of are not there. */
#include "config.h"
#include "ui/facts-row.h"

#include "ui/facts.h"

struct _AditFactsRow
{
  AdwExpanderRow parent_instance;
  AdwActionRow  *rows[ADIT_N_FACTS];
};

G_DEFINE_FINAL_TYPE (AditFactsRow, adit_facts_row, ADW_TYPE_EXPANDER_ROW)

static void
adit_facts_row_class_init (AditFactsRowClass *klass)
{
}

static void
adit_facts_row_init (AditFactsRow *self)
{
  for (guint i = 0; i < ADIT_N_FACTS; i++)
    {
      self->rows[i] = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", adit_fact_get_title (i),
                                    "subtitle-lines", 0, NULL);
      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), GTK_WIDGET (self->rows[i]));
    }
}

/**
 * adit_facts_row_show:
 * @self: a row
 * @status: what has just been told
 */
void
adit_facts_row_show (AditFactsRow *self, const AditStatus *status)
{
  for (guint i = 0; i < ADIT_N_FACTS; i++)
    {
      g_autofree char *value = adit_fact_dup_value (i, status);

      adw_action_row_set_subtitle (self->rows[i], value != NULL ? value : "");
      gtk_widget_set_visible (GTK_WIDGET (self->rows[i]), value != NULL);
    }
}
