/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store-trust.c: by which roots a service is known, where not by those that ship with Adit.  Descriptors are handed on unread. */
#include <fcntl.h>

#include "client/base/error.h"
#include "client/helper/store-private.h"

/* The roots that this computer's administrator and distribution believe, where the larger distributions keep them. */
static int
open_system_roots (void)
{
  static const char *const paths[] = {
    "/etc/ssl/certs/ca-certificates.crt",    /* Debian, Arch, Alpine */
    "/etc/pki/tls/certs/ca-bundle.crt",      /* Fedora */
    "/etc/ssl/ca-bundle.pem",                /* openSUSE */
  };
  int fd = -1;

  for (gsize i = 0; fd < 0 && i < G_N_ELEMENTS (paths); i++)
    fd = open (paths[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  return fd;
}

/* A file of PEM that services.conf names for @service under @key: -1 with @error unset where it names none.  It is handed on
 * unread. */
static int
open_named (AditStore *self, const AditService *service, const char *key, GError **error)
{
  g_autofree char *path = NULL;
  int fd;

  if (adit_store_is_overridden (self, service))
    path = g_key_file_get_string (self->overrides, service->id, key, NULL);
  if (path == NULL)
    return -1;
  fd = adit_store_is_roots_own (path) ? open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
  if (fd < 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE,
                 "The roots of %s in %s cannot be used (%s): not a file that root alone writes",
                 service->name, self->overrides_path, key);
  return fd;
}

/**
 * adit_store_open_trust:
 * @self: a store
 * @service: a service
 * @is_replaced: (out): whether they are the administrator's for this service, in the place of all that ships with Adit
 * @error: return location; %ADIT_ERROR_TRUST_UNUSABLE where roots are named that cannot be used, or none are found
 *
 * Returns: a descriptor of PEM roots, yours to close; -1 with @error unset where the built-in ones are good
 */
int
adit_store_open_trust (AditStore *self, const AditService *service, gboolean *is_replaced, GError **error)
{
  GError *local = NULL;
  int fd = open_named (self, service, "trust", &local);

  *is_replaced = fd >= 0;
  if (local == NULL && fd < 0 && service->trusts_system)
    {
      fd = open_system_roots ();
      if (fd < 0)
        g_set_error_literal (&local, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE,
                             "This computer has no root certificates; install its package ca-certificates");
    }
  if (local != NULL)
    g_propagate_error (error, local);
  return fd;
}

/**
 * adit_store_open_openvpn_trust:
 * @self: a store
 * @service: a service
 * @error: return location; %ADIT_ERROR_TRUST_UNUSABLE where a file is named that cannot be used
 *
 * What the administrator says the service's OpenVPN servers are known by, in the place of what ships with Adit: root
 * certificates in PEM and, if it is another one too, the static key of their handshake.
 *
 * Returns: a descriptor, yours to close; -1 with @error unset where the built-in trust is good
 */
int
adit_store_open_openvpn_trust (AditStore *self, const AditService *service, GError **error)
{
  return open_named (self, service, "openvpn-trust", error);
}
