/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-group.c: what the account's service can do is offered; what it cannot is grey, and says why. */
#include "config.h"
#include "ui/tunnel-group.h"

#include <glib/gi18n.h>

#include "ui/protocol-row.h"

struct _AditTunnelGroup
{
  AdwPreferencesGroup parent_instance;
  AditMirror      *mirror;
  AditProtocolRow *protocol;
  AdwActionRow    *multihop_row;
  GtkSwitch       *multihop;
  gboolean         showing;    /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditTunnelGroup, adit_tunnel_group, ADW_TYPE_PREFERENCES_GROUP)

static void
refresh (AditTunnelGroup *self)
{
  AditTunnelOffer offer;
  gboolean can_be;

  adit_mirror_find_offer (self->mirror, &offer);
  can_be = offer.multihop_reason[0] == '\0';
  self->showing = TRUE;
  gtk_switch_set_active (self->multihop, offer.multihop);
  self->showing = FALSE;
  adw_action_row_set_subtitle (self->multihop_row,
                               can_be ? _("In at one place, out at another; both are chosen in the list of places. It is slower.")
                                      : offer.multihop_reason);
  gtk_widget_set_sensitive (GTK_WIDGET (self->multihop_row), can_be);
  gtk_widget_set_sensitive (GTK_WIDGET (self->multihop), can_be);    /* which GTK 4.8 tells no screen reader of its row */
}

static void
on_multihop (AditTunnelGroup *self)
{
  if (!self->showing)
    adit_mirror_set_multihop (self->mirror, gtk_switch_get_active (self->multihop));
}

static void
adit_tunnel_group_dispose (GObject *object)
{
  g_clear_object (&ADIT_TUNNEL_GROUP (object)->mirror);
  G_OBJECT_CLASS (adit_tunnel_group_parent_class)->dispose (object);
}

static void
adit_tunnel_group_class_init (AditTunnelGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_tunnel_group_dispose;
  g_type_ensure (ADIT_TYPE_PROTOCOL_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/tunnel-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AditTunnelGroup, protocol);
  gtk_widget_class_bind_template_child (widget_class, AditTunnelGroup, multihop_row);
  gtk_widget_class_bind_template_child (widget_class, AditTunnelGroup, multihop);
  gtk_widget_class_bind_template_callback (widget_class, on_multihop);
}

static void
adit_tunnel_group_init (AditTunnelGroup *self)
{
  self->showing = TRUE;    /* until it is known what there is */
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * adit_tunnel_group_set_mirror:
 * @self: a group
 * @mirror: knows what there is, and remembers what is chosen, from now on and for good
 */
void
adit_tunnel_group_set_mirror (AditTunnelGroup *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  adit_protocol_row_set_mirror (self->protocol, mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}

/**
 * adit_tunnel_group_get_multihop:
 * @self: a group
 *
 * Returns: (transfer none): the switch of multi-hop
 */
GtkWidget *
adit_tunnel_group_get_multihop (AditTunnelGroup *self)
{
  return GTK_WIDGET (self->multihop);
}
