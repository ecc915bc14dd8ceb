/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tun.c: makes the device.  Only one that has to be opened by another gets an owner: an owner can open it by name, put packets in
 * or take it away (tun(4)). */
#include "platform/linux/tun.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include "client/base/error.h"

#define TUN_PATH "/dev/net/tun"    /* Documentation/networking/tuntap.rst */

/**
 * adit_tun_is_there:
 * @error: return location; %ADIT_ERROR_NO_WIREGUARD
 *
 * Looks at the door without making a device: taking one away again costs the kernel 20 ms.
 *
 * Returns: whether this process can open TUN
 */
gboolean
adit_tun_is_there (GError **error)
{
  int fd = open (TUN_PATH, O_RDWR | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD, "Could not open " TUN_PATH ": %s", g_strerror (errno));
      return FALSE;
    }
  close (fd);
  return TRUE;
}

#define NO_OWNER (-1)

static int
make (const char *name, short flags, glong owner, gboolean persistent, GError **error)
{
  struct ifreq request = { 0 };
  int fd = open (TUN_PATH, O_RDWR | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD, "Could not open " TUN_PATH ": %s", g_strerror (errno));
      return -1;
    }
  g_strlcpy (request.ifr_name, name, sizeof request.ifr_name);
  request.ifr_flags = (short) (IFF_TUN | IFF_TUN_EXCL | flags);
  if (ioctl (fd, TUNSETIFF, &request) != 0 || (owner != NO_OWNER && ioctl (fd, TUNSETOWNER, owner) != 0) ||
      (persistent && ioctl (fd, TUNSETPERSIST, 1) != 0))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "Could not make the device %s: %s", name, g_strerror (errno));
      close (fd);
      return -1;
    }
  return fd;
}

/**
 * adit_tun_make_for:
 * @name: of the new device; one that exists is an error
 * @owner: the user who may open it, and nobody else without rights; never root
 * @error: return location; as adit_tun_open()
 *
 * The device is nobody's until its owner opens it, and stays until it is deleted as any other.
 *
 * Returns: whether it is there
 */
gboolean
adit_tun_make_for (const char *name, guint owner, GError **error)
{
  int fd;

  g_return_val_if_fail (owner != 0, FALSE);
  fd = make (name, IFF_NO_PI, (glong) owner, TRUE, error);
  if (fd >= 0)
    close (fd);    /* one queue has one reader, and that is the owner */
  return fd >= 0;
}

/**
 * adit_tun_open:
 * @name: of the new device; one that exists is an error, so that nobody else's is taken over
 * @form: what its reader expects before each packet
 * @persistent: whether it stays when its last descriptor is closed
 * @error: return location; %ADIT_ERROR_NO_WIREGUARD without TUN in the kernel, else %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: its descriptor (close on exec, non-blocking), which belongs to the caller, or -1
 */
int
adit_tun_open (const char *name, AditTunForm form, gboolean persistent, GError **error)
{
  return make (name, form == ADIT_TUN_OFFLOAD ? IFF_NO_PI | IFF_VNET_HDR : 0, NO_OWNER, persistent, error);
}
