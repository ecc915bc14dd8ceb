/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-list.c: a row an account: one click uses it, another signs it out.  Rows stay while the accounts do, so that the
 * keyboard stays where it is. */
#include "config.h"
#include "ui/account-list.h"

#include <glib/gi18n.h>

#include "ui/account-words.h"
#include "ui/sign-out-dialog.h"

typedef struct
{
  char           *id;
  AdwActionRow   *row;      /* owned by the group */
  GtkCheckButton *check;
} Shown;

struct _AditAccountList
{
  AdwPreferencesGroup parent_instance;
  AditMirror *mirror;
  GPtrArray  *shown;        /* of Shown, in the helper's order */
  GtkWidget  *add;
  gboolean    following;    /* the helper's word, so that nobody has clicked */
};

G_DEFINE_FINAL_TYPE (AditAccountList, adit_account_list, ADW_TYPE_PREFERENCES_GROUP)

static void
shown_free (gpointer data)
{
  Shown *self = data;

  g_free (self->id);
  g_free (self);
}

static void
on_toggled (GtkCheckButton *check, AditAccountList *self)
{
  if (!self->following && gtk_check_button_get_active (check))
    adit_mirror_use_account (self->mirror, g_object_get_data (G_OBJECT (check), "id"));
}

static void
on_sign_out (GtkButton *button, AditAccountList *self)
{
  const AditAccountRow *account = adit_mirror_find_account (self->mirror, g_object_get_data (G_OBJECT (button), "id"));

  if (account != NULL)
    adit_sign_out_ask (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->mirror, account);
}

static GtkWidget *
new_sign_out_button (AditAccountList *self, const AditAccountRow *account)
{
  g_autofree char *name = g_strdup_printf (_("Sign Out of %s"), account->service_name);
  GtkWidget *button = gtk_button_new_from_icon_name ("system-log-out-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (account->id), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_sign_out), self, 0);
  return button;
}

/* The words beside it say it all. */
static GtkWidget *
new_icon (const char *name)
{
  return g_object_new (GTK_TYPE_IMAGE, "icon-name", name, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}

static void
add_row (AditAccountList *self, const AditAccountRow *account)
{
  const Shown *first = self->shown->len > 0 ? self->shown->pdata[0] : NULL;
  Shown *shown = g_new0 (Shown, 1);

  shown->id = g_strdup (account->id);
  shown->row = ADW_ACTION_ROW (adw_action_row_new ());
  shown->check = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_check_button_set_group (shown->check, first != NULL ? first->check : NULL);
  gtk_widget_set_valign (GTK_WIDGET (shown->check), GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (shown->check), "id", g_strdup (account->id), g_free);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (shown->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (shown->row), account->service_name);
  adw_action_row_add_prefix (shown->row, new_icon ("avatar-default-symbolic"));
  adw_action_row_add_prefix (shown->row, GTK_WIDGET (shown->check));
  adw_action_row_add_suffix (shown->row, new_sign_out_button (self, account));
  adw_action_row_set_activatable_widget (shown->row, GTK_WIDGET (shown->check));    /* and names it by the row's title */
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (shown->row));
  g_ptr_array_add (self->shown, shown);
  g_signal_connect_object (shown->check, "toggled", G_CALLBACK (on_toggled), self, 0);
}

static gboolean
is_same (AditAccountList *self, GPtrArray *own)
{
  if (own->len != self->shown->len)
    return FALSE;
  for (guint i = 0; i < own->len; i++)
    if (!g_str_equal (((const AditAccountRow *) own->pdata[i])->id, ((const Shown *) self->shown->pdata[i])->id))
      return FALSE;
  return TRUE;
}

static GPtrArray *
find_own (AditMirror *mirror)
{
  const GPtrArray *accounts = adit_mirror_get_accounts (mirror);
  GPtrArray *own = g_ptr_array_new ();

  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    if (((AditAccountRow *) accounts->pdata[i])->mine)
      g_ptr_array_add (own, accounts->pdata[i]);
  return own;
}

static void
build (AditAccountList *self, GPtrArray *own)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);

  for (guint i = 0; i < self->shown->len; i++)
    adw_preferences_group_remove (group, GTK_WIDGET (((Shown *) self->shown->pdata[i])->row));
  g_ptr_array_set_size (self->shown, 0);
  adw_preferences_group_remove (group, self->add);
  for (guint i = 0; i < own->len; i++)
    add_row (self, own->pdata[i]);
  adw_preferences_group_add (group, self->add);
  adw_preferences_group_set_description (group, own->len > 1 ? _("The chosen one is connected with. While connected, Adit goes "
                                                                "over to it at once.") : NULL);
}

static void
refresh (AditAccountList *self)
{
  g_autoptr (GPtrArray) own = find_own (self->mirror);
  const AditAccountRow *current = adit_mirror_get_account (self->mirror);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  self->following = TRUE;
  if (!is_same (self, own))
    build (self, own);
  for (guint i = 0; i < own->len; i++)
    {
      const AditAccountRow *account = own->pdata[i];
      const Shown *shown = self->shown->pdata[i];
      g_autofree char *time = adit_account_words_dup_time (account, now_s);
      g_autofree char *both = account->device_name[0] != '\0' ? g_strdup_printf ("%s · %s", account->device_name, time) : NULL;

      adw_action_row_set_subtitle (shown->row, both != NULL ? both : time);
      gtk_widget_set_visible (GTK_WIDGET (shown->check), own->len > 1);
      gtk_check_button_set_active (shown->check, account == current);
    }
  self->following = FALSE;
}

static GtkWidget *
new_add_row (void)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Add an Account…"));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), new_icon ("list-add-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.add-account");
  return row;
}

static void
adit_account_list_dispose (GObject *object)
{
  g_clear_object (&ADIT_ACCOUNT_LIST (object)->mirror);
  G_OBJECT_CLASS (adit_account_list_parent_class)->dispose (object);
}

static void
adit_account_list_finalize (GObject *object)
{
  g_ptr_array_unref (ADIT_ACCOUNT_LIST (object)->shown);
  g_object_unref (ADIT_ACCOUNT_LIST (object)->add);
  G_OBJECT_CLASS (adit_account_list_parent_class)->finalize (object);
}

static void
adit_account_list_class_init (AditAccountListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_account_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_account_list_finalize;
}

static void
adit_account_list_init (AditAccountList *self)
{
  self->shown = g_ptr_array_new_with_free_func (shown_free);
  self->add = g_object_ref_sink (new_add_row ());
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("Accounts"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->add);
}

/**
 * adit_account_list_set_mirror:
 * @self: a list
 * @mirror: what it shows, from now on and for good
 */
void
adit_account_list_set_mirror (AditAccountList *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
