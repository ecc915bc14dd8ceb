/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address.h: an IP address, a prefix and an endpoint as plain values.  All zero is "none". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_FAMILY_NONE = 0,
  ADIT_FAMILY_IPV4 = 4,
  ADIT_FAMILY_IPV6 = 6,
} AditFamily;

typedef struct
{
  guint8 family;       /* AditFamily */
  guint8 bytes[16];    /* network byte order; IPv4 uses the first four, the rest is zero */
} AditAddress;

typedef struct
{
  AditAddress address;
  guint8      prefix_bits;
} AditPrefix;

typedef struct
{
  AditAddress address;
  guint16     port;    /* host byte order */
} AditEndpoint;

#define ADIT_ADDRESS_STRING_MAX_BYTES 64    /* "[" 45 "]:65535" and its end fit: RFC 4291, 2.2 */

gboolean adit_address_parse     (const char *text, AditAddress *address);
char    *adit_address_dup_text  (const AditAddress *self);
gboolean adit_address_equal     (const AditAddress *a, const AditAddress *b);
gboolean adit_address_is_valid  (const AditAddress *self);
gboolean adit_address_is_public (const AditAddress *self);
gboolean adit_address_is_link_local (const AditAddress *self);
gboolean adit_address_is_unicast (const AditAddress *self);

gboolean adit_prefix_parse      (const char *text, AditPrefix *prefix);
char    *adit_prefix_dup_text   (const AditPrefix *self);
gboolean adit_prefix_is_valid   (const AditPrefix *self);
gboolean adit_prefix_equal      (const AditPrefix *a, const AditPrefix *b);
AditPrefix adit_prefix_mask     (const AditPrefix *self);
gboolean adit_prefix_contains   (const AditPrefix *self, const AditPrefix *other);
gboolean adit_prefix_holds      (const AditPrefix *self, const AditAddress *address);
gboolean adit_prefix_is_local   (const AditPrefix *self);
guint    adit_prefix_get_halves (const AditPrefix *self);
gboolean adit_prefix_get_local_part (const AditPrefix *self, guint n, AditPrefix *part);

gboolean adit_endpoint_parse    (const char *text, AditEndpoint *endpoint);
char    *adit_endpoint_dup_text (const AditEndpoint *self);
gboolean adit_endpoint_equal    (const AditEndpoint *a, const AditEndpoint *b);
gboolean adit_endpoint_is_valid (const AditEndpoint *self);

G_END_DECLS
