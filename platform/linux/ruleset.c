/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset.c: the lock as one nftables transaction.  SECURITY.md says in words which packets pass; this file says it to the
 * kernel.  The rules are the same for every lock; what a lock opens stands in the sets that they look into (ruleset-sets.c).
 * Rules that nobody's settings need now are left out: the kernel takes and lists a third less.  Each rule ends in a comment that
 * numbers it.  Numbers stand where nft also knows a name, and constants are folded as nft folds them, since that is how the rules
 * are listed: what was read back is compared word by word (ruleset-outline.c). */
#include "platform/linux/ruleset.h"

#include <stdarg.h>
#include "platform/linux/marks.h"

/* Under the mask, never for equality.  A field is set by clearing the bits of the mask that the value has not,
 * then adding the value. */
#define IS_MARKED       "meta mark & 0x00000f00 == 0x00000500"
#define SET_MARK        "meta mark set meta mark & 0xfffff5ff | 0x00000500"
#define SET_GUEST_REPLY "meta mark set meta mark & 0xfffff6ff | 0x00000600"
#define SET_BESIDE_MARK "meta mark set meta mark & 0xfffff7ff | 0x00000700"
#define IS_BESIDE_MARK  "meta mark & 0x00000f00 == 0x00000700"
#define IS_OUTSIDE      "ct mark & 0x00000f00 == 0x00000500"
#define IS_INSIDE       "ct mark & 0x00000f00 == 0x00000600"
#define IS_INSIDE_NOW   "ct mark & 0x00000f00 == @inside"      /* and the tunnel is open */
#define IS_BESIDE_NOW   "ct mark & 0x00000f00 == @beside"      /* and something beside the tunnel is open */
#define IS_GUEST_REPLY  "meta mark & 0x00000f00 == @inside"
#define SET_OUTSIDE     "ct mark set ct mark & 0xfffff5ff | 0x00000500"
#define SET_INSIDE      "ct mark set ct mark & 0xfffff6ff | 0x00000600"
#define SET_BESIDE      "ct mark set ct mark & 0xfffff7ff | 0x00000700"
#define TUNNEL          "\"" ADIT_TUNNEL_DEVICE "\""
#define OPEN_TUNNEL     "@tunnel"                              /* no device at all while it is shut */

/* Only the reply direction: a plain "established" would also let a stranger's own flow go on. */
#define REPLY           "ct state 0x2 ct direction 1 "    /* established; the other direction */
#define RELATED         "ct state 0x4 "
#define RELATED_REPLY   "ct state 0x4 ct direction 1 "    /* goes back to whoever began the flow */
#define ERROR4          "icmp type { 3, 11, 12 }"         /* destination unreachable, time exceeded, parameter problem: RFC 792 */
#define ERROR6          "icmpv6 type { 1, 2, 3, 4 }"      /* the same and packet too big: RFC 4443 */
#define REJECT_TCP      "reject with tcp reset"
#define REJECT          "reject with icmpx 3"             /* administratively prohibited: linux/netfilter/nf_tables.h */

G_STATIC_ASSERT (ADIT_MARK == 0x500 && ADIT_MARK_MASK == 0xf00);
G_STATIC_ASSERT (ADIT_CT_MARK_OUTSIDE == 0x500 && ADIT_CT_MARK_INSIDE == 0x600 && ADIT_CT_MARK_BESIDE == 0x700 &&
                 ADIT_CT_MARK_MASK == 0xf00);

/* A report of so many groups (RFC 3810, 5.2: a record without sources has 20 bytes, its group begins after 4), all of them for
 * neighbour solicitation: what else is joined, multicast DNS say, is nobody's to know. */
#define REPORT(n)  "ip6 daddr ff02::16 ip6 hoplimit 1 icmpv6 type 143 @th,48,16 0x" n
#define GROUP(bit) " @th," bit ",104 0xff0200000000000000000001ff"    /* ff02::1:ff00:0/104: RFC 4291, 2.7.1 */

/* What may leave a cable without a tunnel on any network, or there is no network: exact forms.  RFC 2131, 4.1; RFC 8415, 7;
 * RFC 4861, 4 and 7.1 (hop limit 255: the sender is on this link; 133 router solicitation, 134 router advertisement, 135
 * neighbour solicitation, 136 neighbour advertisement); RFC 3810, 5 and 7.4 (hop limit 1; 130 listener query, 143 version 2
 * report). */
static const char *const link_forms_out[] = {
  "ip daddr 255.255.255.255 udp sport 68 udp dport 67",
  "ip6 saddr fe80::/10 ip6 daddr { ff02::1:2, ff05::1:3 } udp sport 546 udp dport 547",
  "ip6 daddr ff02::2 ip6 hoplimit 255 icmpv6 type 133 icmpv6 code 0",
  "ip6 daddr ff02::1:ff00:0/104 ip6 hoplimit 255 icmpv6 type 135 icmpv6 code 0",
  "ip6 daddr fe80::/10 ip6 hoplimit 255 icmpv6 type 135 icmpv6 code 0",
  "ip6 daddr { ff02::1, fe80::/10 } ip6 hoplimit 255 icmpv6 type 136 icmpv6 code 0",
  REPORT ("1") GROUP ("96"),
  REPORT ("2") GROUP ("96") GROUP ("256"),
  REPORT ("3") GROUP ("96") GROUP ("256") GROUP ("416"),
  REPORT ("4") GROUP ("96") GROUP ("256") GROUP ("416") GROUP ("576"),
};

static const char *const link_forms_in[] = {
  "udp sport 67 udp dport 68",
  "ip6 saddr fe80::/10 ip6 daddr fe80::/10 udp sport 547 udp dport 546",
  "ip6 saddr fe80::/10 ip6 hoplimit 255 icmpv6 type 134 icmpv6 code 0",
  "ip6 hoplimit 255 icmpv6 type 135 icmpv6 code 0",
  "ip6 hoplimit 255 icmpv6 type 136 icmpv6 code 0",
  "ip6 saddr fe80::/10 ip6 hoplimit 1 icmpv6 type 130",
};

typedef struct
{
  GString         *text;
  guint            n_rules;
  AditRulesetParts parts;
} Writer;

static void G_GNUC_PRINTF (2, 3)
rule (Writer *writer, const char *format, ...)
{
  va_list args;

  g_string_append (writer->text, "\t\t");
  va_start (args, format);
  g_string_append_vprintf (writer->text, format, args);
  va_end (args);
  g_string_append_printf (writer->text, " comment \"%u\"\n", ++writer->n_rules);
}

/* The carrier's holes: our mark and exactly these addresses, protocols and ports.  @verdict follows the match. */
static void
write_holes (Writer *writer, const char *verdict)
{
  rule (writer, IS_MARKED " ip daddr . meta l4proto . th dport @holes4 %s", verdict);
  rule (writer, IS_MARKED " ip6 daddr . meta l4proto . th dport @holes6 %s", verdict);
}

/* A carrier that cannot mark its packets: one user's, to exactly this address, protocol and port; marked here for the egress
 * chains, which know no users. */
static void
write_carrier (Writer *writer, const char *verdict)
{
  rule (writer, "meta skuid . ip daddr . meta l4proto . th dport @carrier4 %s", verdict);
  rule (writer, "meta skuid . ip6 daddr . meta l4proto . th dport @carrier6 %s", verdict);
}

/* DNS goes to the chosen resolvers by the tunnel, and nowhere else; before any other rule of the tunnel. */
static void
write_dns_refusal (Writer *writer)
{
  rule (writer, "tcp dport { 53, 853 } " REJECT_TCP);
  rule (writer, "udp dport { 53, 853 } " REJECT);
}

static void
write_forwarded_dns (Writer *writer)
{
  static const char then[] = "meta l4proto { 6, 17 } th dport { 53, 853 } " SET_INSIDE " accept";

  rule (writer, "oifname " TUNNEL " ip daddr @resolvers4 %s", then);
  rule (writer, "oifname " TUNNEL " ip6 daddr @resolvers6 %s", then);
  write_dns_refusal (writer);
}

/* One connection from before the lock, exactly, and never its beginning: nobody can make another one of the same numbers.
 * @before and @then stand around the match, which has our end first. */
static void
write_kept (Writer *writer, const char *before, gboolean incoming, const char *then)
{
  static const char *const matches[] = { "saddr . tcp sport . %s daddr . tcp dport", "daddr . tcp dport . %s saddr . tcp sport" };

  for (guint i = 0; i < 2 && (writer->parts & ADIT_RULESET_KEPT) != 0; i++)
    {
      const char *family = i == 0 ? "ip" : "ip6";
      g_auto (GStrv) ends = g_strsplit (matches[incoming ? 1 : 0], "%s", 2);

      rule (writer, "%s%s %s%s%s @kept%s tcp flags ! 0x2 %s", before, family, ends[0], family, ends[1], i == 0 ? "4" : "6", then);
    }
}

/* One program, known by its control group, to a portal: by itself the sets are empty, and the kernel takes their members out when
 * their time is over.  Marked for the egress chains, which know no programs. */
static void
write_portal (Writer *writer)
{
  static const char then[] = SET_OUTSIDE " " SET_MARK " accept";

  if ((writer->parts & ADIT_RULESET_PORTAL) == 0)
    return;
  rule (writer, "socket cgroupv2 level 1 . ip saddr . ip daddr . meta l4proto . th dport @portal4 %s", then);
  rule (writer, "socket cgroupv2 level 1 . ip6 saddr . ip6 daddr . meta l4proto . th dport @portal6 %s", then);
}

/* One resolver's port, or a group's: from that link's own address. */
static void
write_points (Writer *writer)
{
  static const char then[] = SET_BESIDE " " SET_BESIDE_MARK " accept";

  if ((writer->parts & ADIT_RULESET_BESIDE) == 0)
    return;
  rule (writer, "oifname . ip saddr . ip daddr . meta l4proto . th dport @asked4 %s", then);
  rule (writer, "oifname . ip6 saddr . ip6 daddr . meta l4proto . th dport @asked6 %s", then);
}

/* The local network and named guests, behind the rules about DNS: by that link, from its own address, so that nothing goes there
 * in the tunnel's name or by another way.  A broadcast is for all the neighbours, and so is not for one of them.  The mark tells
 * the egress chains that the packet has passed here. */
static void
write_nets (Writer *writer)
{
  static const char then[] = SET_BESIDE " " SET_BESIDE_MARK " accept";

  if ((writer->parts & ADIT_RULESET_BESIDE) == 0)
    return;
  rule (writer, "fib daddr type 3 " REJECT);    /* RTN_BROADCAST: linux/rtnetlink.h */
  rule (writer, "oifname . ip saddr . ip daddr @near4 %s", then);
  rule (writer, "oifname . ip6 saddr . ip6 daddr @near6 %s", then);
}

static void
write_refusal (Writer *writer)
{
  rule (writer, "meta l4proto 6 " REJECT_TCP);
  rule (writer, REJECT);
}

/* Of a tunnel in a tunnel: by its allowed IPs WireGuard would send all that goes to the second peer's address to the first one,
 * enciphered for that alone; so only what is enciphered already may, which has our mark.  Before all else, names too: somebody
 * may have chosen that address for a resolver. */
static void
write_nested (Writer *writer)
{
  if ((writer->parts & ADIT_RULESET_NESTED) == 0)
    return;
  rule (writer, IS_MARKED " ip saddr . ip daddr . meta l4proto . th dport @nested4 " SET_INSIDE " accept");
  rule (writer, IS_MARKED " ip6 saddr . ip6 daddr . meta l4proto . th dport @nested6 " SET_INSIDE " accept");
  rule (writer, "ip daddr @inner4 meta l4proto 6 " REJECT_TCP);
  rule (writer, "ip daddr @inner4 " REJECT);
  rule (writer, "ip6 daddr @inner6 meta l4proto 6 " REJECT_TCP);
  rule (writer, "ip6 daddr @inner6 " REJECT);
}

/* Nothing of a guest's is the tunnel's own. */
static void
write_nested_forward (Writer *writer)
{
  if ((writer->parts & ADIT_RULESET_NESTED) == 0)
    return;
  rule (writer, "oifname " TUNNEL " ip daddr @inner4 " REJECT);
  rule (writer, "oifname " TUNNEL " ip6 daddr @inner6 " REJECT);
}

static void
begin_chain (Writer *writer, const char *name, const char *head)
{
  g_string_append_printf (writer->text, "\tchain %s {\n", name);
  if (head != NULL)
    g_string_append_printf (writer->text, "\t\t%s\n", head);
}

static void
end_chain (Writer *writer)
{
  g_string_append (writer->text, "\t}\n");
}

/* What leaves by the tunnel, each packet of which comes here: the two chains have few rules, and the one for most packets is met
 * after one look.  What belongs to no tunnel never does. */
static void
write_tunnel_output (Writer *writer)
{
  begin_chain (writer, "tunnel_dns", NULL);
  rule (writer, "ip saddr . ip daddr @dns4 " SET_INSIDE " accept");
  rule (writer, "ip6 saddr . ip6 daddr @dns6 " SET_INSIDE " accept");
  write_refusal (writer);
  end_chain (writer);
  begin_chain (writer, "tunnel_output", NULL);
  write_nested (writer);
  rule (writer, "meta l4proto { 6, 17 } th dport { 53, 853 } goto tunnel_dns");
  rule (writer, "ip saddr @own4 " SET_INSIDE " accept");
  rule (writer, "ip6 saddr @own6 " SET_INSIDE " accept");
  write_refusal (writer);
  end_chain (writer);
}

/* The tunnel's own packets are most of all that leaves by a cable, so their rules come first.  They and the forms do not meet: no
 * carrier goes from a client's port of DHCP or is ICMPv6. */
static void
write_output (Writer *writer)
{
  begin_chain (writer, "output", "type filter hook output priority 0; policy drop;");
  rule (writer, "oifname \"lo\" accept");
  rule (writer, "oifname " TUNNEL " goto tunnel_output");    /* and never comes back: a carrier by the tunnel would be a loop */
  /* A peer may listen on port 53, so this stands before the rule about DNS. */
  write_holes (writer, SET_OUTSIDE " accept");
  write_carrier (writer, SET_OUTSIDE " " SET_MARK " accept");
  for (guint i = 0; i < G_N_ELEMENTS (link_forms_out); i++)
    rule (writer, "%s accept", link_forms_out[i]);
  write_kept (writer, "", FALSE, SET_OUTSIDE " " SET_MARK " accept");
  write_portal (writer);
  write_points (writer);
  write_dns_refusal (writer);
  write_nets (writer);
  /* A guest whose flow goes into the tunnel is told that its packet is too long.  Only errors about what the flow's first sender
   * sent, so they go back to a guest: an error about a reply, which would name the far end, has the other direction. */
  rule (writer, RELATED_REPLY IS_INSIDE_NOW " " ERROR4 " " SET_GUEST_REPLY " accept");
  rule (writer, RELATED_REPLY IS_INSIDE_NOW " " ERROR6 " " SET_GUEST_REPLY " accept");
  write_refusal (writer);
  end_chain (writer);
}

/* Answers to what was said beside the tunnel; what is said to a group has no flow that it could be the answer to. */
static void
write_beside_in (Writer *writer)
{
  if ((writer->parts & ADIT_RULESET_BESIDE) == 0)
    return;
  rule (writer, "iifname != " TUNNEL " " REPLY IS_BESIDE_NOW " accept");
  rule (writer, "iifname != " TUNNEL " " RELATED IS_BESIDE_NOW " " ERROR4 " accept");
  rule (writer, "iifname != " TUNNEL " " RELATED IS_BESIDE_NOW " " ERROR6 " accept");
  rule (writer, "iifname . ip daddr . meta l4proto . th dport @heard4 accept");
  rule (writer, "iifname . ip6 daddr . meta l4proto . th dport @heard6 accept");
}

/* Replies are bound to the side that their flow left by: a neighbour who guesses an address inside the tunnel cannot slip a
 * packet into a flow of the tunnel (CVE-2019-14899). */
static void
write_input (Writer *writer)
{
  begin_chain (writer, "input", "type filter hook input priority 0; policy drop;");
  /* All of them accept and do nothing else, so that their order is free: what most packets are comes first. */
  rule (writer, "iifname \"lo\" accept");
  rule (writer, "iifname != " TUNNEL " " REPLY IS_OUTSIDE " accept");
  rule (writer, "iifname " OPEN_TUNNEL " " REPLY IS_INSIDE " accept");
  for (guint i = 0; i < G_N_ELEMENTS (link_forms_in); i++)
    rule (writer, "iifname != " TUNNEL " %s accept", link_forms_in[i]);
  rule (writer, "iifname != " TUNNEL " " RELATED IS_OUTSIDE " " ERROR4 " accept");
  rule (writer, "iifname != " TUNNEL " " RELATED IS_OUTSIDE " " ERROR6 " accept");
  write_kept (writer, "iifname != " TUNNEL " ", TRUE, "accept");
  write_beside_in (writer);
  rule (writer, "iifname " OPEN_TUNNEL " " RELATED IS_INSIDE " " ERROR4 " accept");
  rule (writer, "iifname " OPEN_TUNNEL " " RELATED IS_INSIDE " " ERROR6 " accept");
  end_chain (writer);
}

static void
write_forward (Writer *writer)
{
  begin_chain (writer, "forward", "type filter hook forward priority 0; policy drop;");
  /* Marked, so that the egress chain of the guest's own link knows them for what they are. */
  rule (writer, "iifname " OPEN_TUNNEL " " REPLY IS_INSIDE " " SET_GUEST_REPLY " accept");
  rule (writer, "iifname " OPEN_TUNNEL " " RELATED IS_INSIDE " " ERROR4 " " SET_GUEST_REPLY " accept");
  rule (writer, "iifname " OPEN_TUNNEL " " RELATED IS_INSIDE " " ERROR6 " " SET_GUEST_REPLY " accept");
  write_nested_forward (writer);
  write_forwarded_dns (writer);
  rule (writer, "iifname != " TUNNEL " oifname " OPEN_TUNNEL " " SET_INSIDE " accept");
  write_refusal (writer);
  end_chain (writer);
}

/* After conntrack (-200) and before anyone's mangle (-150) and reverse-path rule, so that these route the reply as we did. */
static void
write_prerouting (Writer *writer)
{
  begin_chain (writer, "prerouting", "type filter hook prerouting priority -190; policy accept;");
  rule (writer, "iifname != " TUNNEL " ct direction 1 " IS_OUTSIDE " " SET_MARK);
  end_chain (writer);
}

/* What an inet table never sees: bridged guests, macvlan, ipvlan, AF_PACKET.  The type is read from the frame itself, since the
 * sender of a raw frame may call it what it likes.
 *
 * A macvlan child in another namespace keeps the mark that its owner has set, so a mark alone says little here: the tunnel's own,
 * and what goes beside it, count only with their addresses, and replies to guests only on links behind which there is nobody but
 * guests. */
static void
write_netdev (Writer *writer, const AditLinks *links)
{
  begin_chain (writer, "guests", NULL);
  rule (writer, IS_GUEST_REPLY " accept");
  end_chain (writer);
  begin_chain (writer, "pass", NULL);
  write_holes (writer, "accept");    /* most packets are the tunnel's own; the order is free here too */
  rule (writer, "ether type { 0x0806, 0x888e, 0x8863 } accept");    /* ARP, EAPOL, PPPoE discovery: linux/if_ether.h */
  if (links != NULL && links->has_ppp)
    rule (writer, "ether type 0x8864 accept");    /* PPPoE session: what goes by the ppp device has passed the output chain */
  for (guint i = 0; i < G_N_ELEMENTS (link_forms_out); i++)
    rule (writer, "%s accept", link_forms_out[i]);
  write_kept (writer, IS_MARKED " ", FALSE, "accept");
  if ((writer->parts & ADIT_RULESET_PORTAL) != 0)
    {
      rule (writer, IS_MARKED " ip saddr . ip daddr . meta l4proto . th dport @portal4 accept");
      rule (writer, IS_MARKED " ip6 saddr . ip6 daddr . meta l4proto . th dport @portal6 accept");
    }
  if ((writer->parts & ADIT_RULESET_BESIDE) != 0)
    {
      rule (writer, IS_BESIDE_MARK " ip saddr . ip daddr . meta l4proto . th dport @asked4 accept");
      rule (writer, IS_BESIDE_MARK " ip6 saddr . ip6 daddr . meta l4proto . th dport @asked6 accept");
      rule (writer, IS_BESIDE_MARK " ip saddr . ip daddr @near4 accept");
      rule (writer, IS_BESIDE_MARK " ip6 saddr . ip6 daddr @near6 accept");
    }
  end_chain (writer);
  for (guint i = 0; links != NULL && links->names[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("egress%u", i);
      g_autofree char *head = g_strdup_printf ("type filter hook egress device \"%s\" priority 0; policy drop;", links->names[i]);

      begin_chain (writer, name, head);
      if (g_strv_contains ((const char *const *) links->guests, links->names[i]))
        rule (writer, "jump guests");
      rule (writer, "jump pass");
      end_chain (writer);
    }
}

/**
 * adit_ruleset_link_valid:
 * @name: the name of a network device, which whoever made it chose
 *
 * Returns: whether @name can be written down as it is
 */
gboolean
adit_ruleset_link_valid (const char *name)
{
  return adit_reach_link_is_valid (name);
}

static gboolean
can_be_written (const AditLinks *links)
{
  for (guint i = 0; links != NULL && links->names[i] != NULL; i++)
    if (!adit_ruleset_link_valid (links->names[i]))
      return FALSE;
  return TRUE;
}

static void
write_tables (Writer *writer, const AditLockPolicy *policy, const AditLinks *links)
{
  g_string_append (writer->text, "table inet " ADIT_NFT_TABLE " {\n");
  adit_ruleset_append_sets (writer->text, policy, "inet");
  write_prerouting (writer);
  write_tunnel_output (writer);
  write_output (writer);
  write_input (writer);
  write_forward (writer);
  g_string_append (writer->text, "}\ntable netdev " ADIT_NFT_TABLE " {\n");
  adit_ruleset_append_sets (writer->text, policy, "netdev");
  write_netdev (writer, links);
  g_string_append (writer->text, "}\n");
}

/**
 * adit_ruleset_new:
 * @policy: the wanted lock
 * @links: (nullable): the links that get an egress chain; each passes adit_ruleset_link_valid()
 *
 * The text of one transaction: it makes the tables so that they can be deleted, deletes them and, but for %ADIT_LOCK_OFF, makes
 * them anew.  While the kernel changes one hook for another a packet can pass between the two (some in a million that are sent at
 * that moment), so where the chains stay the same there is adit_ruleset_refill().
 *
 * Returns: (transfer full) (nullable): nft text, or %NULL if a link's name cannot be written
 */
char *
adit_ruleset_new (const AditLockPolicy *policy, const AditLinks *links)
{
  Writer writer = { NULL, 0, adit_ruleset_get_parts (policy) };

  if (!can_be_written (links))
    return NULL;
  writer.text = g_string_new ("table inet " ADIT_NFT_TABLE "\ndelete table inet " ADIT_NFT_TABLE "\n"
                              "table netdev " ADIT_NFT_TABLE "\ndelete table netdev " ADIT_NFT_TABLE "\n");
  if (policy->lock != ADIT_LOCK_OFF)
    write_tables (&writer, policy, links);
  return g_string_free (writer.text, FALSE);
}

/**
 * adit_ruleset_refill:
 * @policy: the wanted lock, not %ADIT_LOCK_OFF
 * @links: (nullable): as for adit_ruleset_new(), and with the same names as when the tables were made
 *
 * The text of one transaction that puts rules and members of sets back and leaves the chains, which drop what no rule accepts,
 * where they hook into the kernel.
 *
 * Returns: (transfer full) (nullable): nft text, or %NULL if a link's name cannot be written
 */
char *
adit_ruleset_refill (const AditLockPolicy *policy, const AditLinks *links)
{
  Writer writer = { NULL, 0, adit_ruleset_get_parts (policy) };

  g_return_val_if_fail (policy->lock != ADIT_LOCK_OFF, NULL);
  if (!can_be_written (links))
    return NULL;
  writer.text = g_string_new ("flush table inet " ADIT_NFT_TABLE "\nflush table netdev " ADIT_NFT_TABLE "\n");
  adit_ruleset_append_emptying (writer.text, policy);
  write_tables (&writer, policy, links);
  return g_string_free (writer.text, FALSE);
}
