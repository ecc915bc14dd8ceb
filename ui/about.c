/* SPDX-License-Identifier: GPL-2.0-or-later */
/* about.c: the words of the release are those of the metainfo file, which software centres show. */
#include "config.h"
#include "ui/about.h"

#include <sys/utsname.h>
#include <glib/gi18n.h>

#include "build-id.h"

static const char *const news[] = {
  N_("Sign in to Mullvad, IVPN, OVPN or Mysterium VPN, or import a configuration file of WireGuard or OpenVPN."),
  N_("A lock in the kernel’s firewall that stays when a program crashes, and lockdown for the time without a connection."),
  N_("A pause that ends by itself, rules for known networks, and connecting at login."),
  N_("Diagnostics that name one cause, with a live log."),
};

/* In the small markup of AdwAboutWindow, in which a text of ours or of a translator's is nothing but text. */
static char *
dup_news (void)
{
  GString *markup = g_string_new ("<ul>");

  for (gsize i = 0; i < G_N_ELEMENTS (news); i++)
    {
      g_autofree char *item = g_markup_printf_escaped ("<li>%s</li>", _(news[i]));

      g_string_append (markup, item);
    }
  g_string_append (markup, "</ul>");
  return g_string_free (markup, FALSE);
}

static const char *
get_variable (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL ? value : "-";
}

/* Its name, version and machine, and not what the computer is called. */
static char *
dup_kernel (void)
{
  struct utsname it;

  return uname (&it) == 0 ? g_strdup_printf ("%s %s %s", it.sysname, it.release, it.machine) : g_strdup ("-");
}

/* For whoever helps, in English.  Nothing of it is about a person or a connection. */
static char *
dup_facts (void)
{
  g_autofree char *kernel = dup_kernel ();

  return g_strdup_printf ("Adit %s\nBuild %s\nKernel %s\nGLib %u.%u.%u\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nDisplay %s\n"
                          "Desktop %s\nSession %s\n", ADIT_VERSION, ADIT_BUILD_ID, kernel, glib_major_version, glib_minor_version,
                          glib_micro_version, gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
                          G_OBJECT_TYPE_NAME (gdk_display_get_default ()), get_variable ("XDG_CURRENT_DESKTOP"),
                          get_variable ("XDG_SESSION_TYPE"));
}

/**
 * adit_about_show:
 * @parent: (nullable): the window before which it stands
 */
void
adit_about_show (GtkWindow *parent)
{
  g_autofree char *facts = dup_facts (), *markup = dup_news ();
  GtkWidget *about = g_object_new (ADW_TYPE_ABOUT_WINDOW, "transient-for", parent, "application-name", "Adit", "application-icon",
                                   "org.aditvpn.Adit", "version", ADIT_VERSION, "developer-name", _("The people who build Adit"),
                                   "license-type", GTK_LICENSE_GPL_2_0, "comments",
                                   _("Everything leaves through the tunnel, or does not leave."), "release-notes", markup,
                                   "release-notes-version", ADIT_VERSION, "debug-info", facts, "debug-info-filename",
                                   "adit-debug-info.txt", NULL);

  adw_about_window_add_legal_section (ADW_ABOUT_WINDOW (about), _("The map"), NULL, GTK_LICENSE_CUSTOM,
                                      _("Made with Natural Earth, which is in the public domain: naturalearthdata.com"));
  adw_about_window_add_legal_section (ADW_ABOUT_WINDOW (about), "embeddable-wg-library",
                                      "© 2015–2020 Jason A. Donenfeld\n© 2008–2012 Pablo Neira Ayuso", GTK_LICENSE_LGPL_2_1,
                                      NULL);
  gtk_window_present (GTK_WINDOW (about));
}
