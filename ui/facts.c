/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.c: one row a fact; what the helper has not told is left out.  Names of programs and addresses are as they are. */
#include "config.h"
#include "ui/facts.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "ui/words.h"

/* As the interface calls it, and as people do. */
static const struct { const char *name, *words; } tunnels[] = {
  { "wireguard-kernel", N_("WireGuard, by the kernel") },
  { "wireguard-userspace", N_("WireGuard, by wireguard-go") },
};

/* Of one back end there are several protocols. */
static const struct { const char *name, *words; } protocols[] = {
  { "openvpn-udp", N_("OpenVPN by UDP") },
  { "openvpn-tcp", N_("OpenVPN by TCP") },
};

static char *
dup_since (const AditStatus *status)
{
  g_autoptr (GDateTime) since = status->since_s > 0 ? g_date_time_new_from_unix_local (status->since_s) : NULL;

  return since != NULL ? g_date_time_format (since, "%c") : NULL;
}

static char *
dup_text (const char *text)
{
  return text[0] != '\0' ? g_strdup (text) : NULL;
}

static char *
dup_protocol (const AditStatus *status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tunnels); i++)
    if (g_str_equal (status->tunnel, tunnels[i].name))
      return g_strdup (_(tunnels[i].words));
  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (g_str_equal (status->protocol, protocols[i].name))
      return g_strdup (_(protocols[i].words));
  return dup_text (status->tunnel);
}

static char *
dup_handshake (const AditStatus *status)
{
  g_autofree char *age = NULL;

  if (status->handshake_age_ms < 0)
    return NULL;
  age = adit_words_dup_duration (status->handshake_age_ms / 1000);
  /* Translators: hours, minutes and seconds, such as "0:01:30" */
  return g_strdup_printf (_("%s ago"), age);
}

static char *
dup_bytes (const AditStatus *status)
{
  g_autofree char *received = g_format_size (status->received_bytes), *sent = g_format_size (status->sent_bytes);

  if (status->state != ADIT_STATE_CONNECTED)
    return NULL;
  /* Translators: two amounts of data, such as "1.2 MB" */
  return g_strdup_printf (_("%s received, %s sent"), received, sent);
}

static char *
dup_mtu (const AditStatus *status)
{
  if (status->mtu_bytes == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%u byte", "%u bytes", status->mtu_bytes), status->mtu_bytes);
}

static char *
dup_names (const AditStatus *status)
{
  g_autofree char *servers = g_strjoinv (", ", status->dns_servers);

  if (servers[0] == '\0')
    return NULL;
  /* Translators: addresses of resolvers, and what on this computer was told of them, such as "systemd-resolved" */
  return g_strdup_printf (_("%s, by way of %s"), servers, status->dns_backend);
}

/**
 * adit_fact_get_title:
 * @fact: one of them
 *
 * Returns: (transfer none): what it is about
 */
const char *
adit_fact_get_title (AditFact fact)
{
  static const char *const titles[ADIT_N_FACTS] = {
    [ADIT_FACT_SINCE] = N_("Connected since"),
    [ADIT_FACT_ENDPOINT] = N_("Endpoint"),
    [ADIT_FACT_PROTOCOL] = N_("Protocol"),
    [ADIT_FACT_HANDSHAKE] = N_("Last handshake"),
    [ADIT_FACT_BYTES] = N_("Data"),
    [ADIT_FACT_MTU] = N_("Longest packet (MTU)"),
    [ADIT_FACT_NAMES] = N_("Names are asked of"),
    [ADIT_FACT_LOCK] = N_("The lock is held by"),
  };

  return _(titles[fact]);
}

/**
 * adit_fact_dup_value:
 * @fact: one of them
 * @status: what the helper told
 *
 * Returns: (transfer full) (nullable): it in words; %NULL where there is nothing to tell
 */
char *
adit_fact_dup_value (AditFact fact, const AditStatus *status)
{
  switch (fact)
    {
    case ADIT_FACT_SINCE:
      return dup_since (status);
    case ADIT_FACT_ENDPOINT:
      return dup_text (status->endpoint);
    case ADIT_FACT_PROTOCOL:
      return dup_protocol (status);
    case ADIT_FACT_HANDSHAKE:
      return dup_handshake (status);
    case ADIT_FACT_BYTES:
      return dup_bytes (status);
    case ADIT_FACT_MTU:
      return dup_mtu (status);
    case ADIT_FACT_NAMES:
      return dup_names (status);
    case ADIT_FACT_LOCK:
      return g_str_equal (status->lock, "off") ? NULL : dup_text (status->firewall);
    default:
      return NULL;
    }
}
