/* SPDX-License-Identifier: GPL-2.0-or-later */
/* protocol-row.c: "automatic" first; what the service does not have is not in the list.  Where nothing is left, it says why. */
#include "config.h"
#include "ui/protocol-row.h"

#include <glib/gi18n.h>

struct _AditProtocolRow
{
  AdwComboRow  parent_instance;
  AditMirror  *mirror;
  AditProtocol protocols[ADIT_N_PROTOCOLS];    /* those behind "automatic", in the order of the list */
  guint        n_protocols;
  gboolean     showing;      /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditProtocolRow, adit_protocol_row, ADW_TYPE_COMBO_ROW)

static gboolean
is_same_list (AditProtocolRow *self, const AditTunnelOffer *offer)
{
  guint n = 0;

  for (guint i = 0; i < ADIT_N_PROTOCOLS; i++)
    if (offer->has[i] && (n == self->n_protocols || self->protocols[n++] != (AditProtocol) i))
      return FALSE;
  return n == self->n_protocols;
}

/* A list that is open stays so as long as it is the same. */
static void
make_list (AditProtocolRow *self, const AditTunnelOffer *offer)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new ((const char *[]) { _("Automatic"), NULL });

  self->n_protocols = 0;
  for (guint i = 0; i < ADIT_N_PROTOCOLS; i++)
    if (offer->has[i])
      {
        gtk_string_list_append (words, adit_tunnel_offer_name ((AditProtocol) i));
        self->protocols[self->n_protocols++] = (AditProtocol) i;
      }
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (words));
}

static void
refresh (AditProtocolRow *self)
{
  const AditMemory *memory = adit_mirror_get_memory (self->mirror);
  AditTunnelOffer offer;
  guint selected = 0;

  adit_mirror_find_offer (self->mirror, &offer);
  self->showing = TRUE;
  if (!is_same_list (self, &offer))
    make_list (self, &offer);
  for (guint i = 0; i < self->n_protocols; i++)
    if (memory->has_protocol && self->protocols[i] == memory->protocol)
      selected = i + 1;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), offer.protocol_reason);
  gtk_widget_set_sensitive (GTK_WIDGET (self), offer.protocol_reason[0] == '\0');
  self->showing = FALSE;
}

static void
on_selected (AditProtocolRow *self)
{
  guint which = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  if (self->showing || self->mirror == NULL || which > self->n_protocols)
    return;
  adit_mirror_set_protocol (self->mirror, which > 0, which > 0 ? self->protocols[which - 1] : ADIT_PROTOCOL_WIREGUARD);
}

static void
adit_protocol_row_dispose (GObject *object)
{
  g_clear_object (&ADIT_PROTOCOL_ROW (object)->mirror);
  G_OBJECT_CLASS (adit_protocol_row_parent_class)->dispose (object);
}

static void
adit_protocol_row_class_init (AditProtocolRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_protocol_row_dispose;
}

static void
adit_protocol_row_init (AditProtocolRow *self)
{
  g_signal_connect (self, "notify::selected", G_CALLBACK (on_selected), NULL);
}

/**
 * adit_protocol_row_set_mirror:
 * @self: a row
 * @mirror: knows what there is, and remembers what is chosen, from now on and for good
 */
void
adit_protocol_row_set_mirror (AditProtocolRow *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
