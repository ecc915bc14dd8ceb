/* SPDX-License-Identifier: GPL-2.0-or-later */
/* screen.c: a client of the X server that is connected before the program starts, hears of every window that is mapped and of
 * everything that is drawn into it (XDamage), and looks at the pixels.  Which toolkit draws, and what it says of itself, does not
 * matter. */
#include "tests/bench/screen.h"

#include <poll.h>
#include <stdlib.h>
#include <xcb/damage.h>
#include <xcb/xcb.h>

#define MIN_PIXELS   100    /* smaller ones are not what a person waits for: leaders, selections, tooltips */
#define INSET_PIXELS 12     /* the frame that the toolkit draws around its window is no content */
#define TITLE_PIXELS 46     /* a header bar of libadwaita's */
#define GONE_MS      5000

struct _BenchScreen
{
  xcb_connection_t   *connection;
  xcb_window_t        window;    /* the one that was mapped, or none */
  xcb_damage_damage_t damage;
  guint               width, height;
  guint8              damage_event;
};

/**
 * bench_screen_new:
 * @display: an X display without windows
 *
 * Returns: (transfer full): a watcher of that display's first screen
 */
BenchScreen *
bench_screen_new (const char *display)
{
  BenchScreen *self = g_new0 (BenchScreen, 1);
  const guint32 events = XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY;
  const xcb_query_extension_reply_t *extension;
  xcb_window_t root;

  self->connection = xcb_connect (display, NULL);
  if (xcb_connection_has_error (self->connection))
    g_error ("there is no screen at \"%s\"", display);
  extension = xcb_get_extension_data (self->connection, &xcb_damage_id);
  if (extension == NULL || !extension->present)
    g_error ("the X server does not tell what is drawn");
  self->damage_event = extension->first_event + XCB_DAMAGE_NOTIFY;
  free (xcb_damage_query_version_reply (self->connection, xcb_damage_query_version (self->connection, 1, 1), NULL));
  root = xcb_setup_roots_iterator (xcb_get_setup (self->connection)).data->root;
  xcb_change_window_attributes (self->connection, root, XCB_CW_EVENT_MASK, &events);
  xcb_flush (self->connection);
  return self;
}

/**
 * bench_screen_free:
 * @self: (nullable) (transfer full): a watcher
 */
void
bench_screen_free (BenchScreen *self)
{
  if (self == NULL)
    return;
  xcb_disconnect (self->connection);
  g_free (self);
}

/* The next event, or NULL when there is none until then. */
static xcb_generic_event_t *
wait_event (BenchScreen *self, gint64 end_us)
{
  for (;;)
    {
      xcb_generic_event_t *event = xcb_poll_for_event (self->connection);
      gint64 left_us = end_us - g_get_monotonic_time ();
      struct pollfd ready = { .fd = xcb_get_file_descriptor (self->connection), .events = POLLIN };

      if (event != NULL || left_us <= 0)
        return event;
      if (xcb_connection_has_error (self->connection))
        g_error ("the X server is gone");
      poll (&ready, 1, (int) (left_us / 1000 + 1));
    }
}

static void
take_window (BenchScreen *self, xcb_window_t window)
{
  xcb_get_geometry_reply_t *geometry =
    xcb_get_geometry_reply (self->connection, xcb_get_geometry (self->connection, window), NULL);

  if (geometry != NULL && self->window == XCB_NONE && geometry->width >= MIN_PIXELS && geometry->height >= MIN_PIXELS)
    {
      self->window = window;
      self->width = geometry->width;
      self->height = geometry->height;
      self->damage = xcb_generate_id (self->connection);
      xcb_damage_create (self->connection, self->damage, window, XCB_DAMAGE_REPORT_LEVEL_NON_EMPTY);
      xcb_flush (self->connection);
    }
  free (geometry);
}

/* Whether that part of the window has more than one colour. */
static gboolean
has_content (BenchScreen *self, guint top, guint bottom)
{
  xcb_get_image_cookie_t cookie =
    xcb_get_image (self->connection, XCB_IMAGE_FORMAT_Z_PIXMAP, self->window, INSET_PIXELS, (gint16) top,
                   (guint16) (self->width - 2 * INSET_PIXELS), (guint16) (bottom - top), ~0u);
  xcb_get_image_reply_t *image = xcb_get_image_reply (self->connection, cookie, NULL);
  const guint32 *pixels;
  gboolean differs = FALSE;

  if (image == NULL)
    return FALSE;    /* it is gone again, or not wholly on the screen */
  pixels = (const guint32 *) xcb_get_image_data (image);
  for (int i = 1; !differs && i < xcb_get_image_data_length (image) / 4; i++)
    differs = ((pixels[i] ^ pixels[0]) & 0xffffff) != 0;
  free (image);
  return differs;
}

static void
handle (BenchScreen *self, xcb_generic_event_t *event, BenchFrames *frames)
{
  guint8 type = event->response_type & 0x7f;
  gint64 now_us = g_get_monotonic_time ();    /* of the drawing, not of the look at it */

  if (type == XCB_MAP_NOTIFY)
    take_window (self, ((xcb_map_notify_event_t *) event)->window);
  else if (type == XCB_CONFIGURE_NOTIFY && ((xcb_configure_notify_event_t *) event)->window == self->window)
    {
      self->width = ((xcb_configure_notify_event_t *) event)->width;
      self->height = ((xcb_configure_notify_event_t *) event)->height;
    }
  else if (type == self->damage_event)
    {
      /* First, so that what is drawn while we look is told as well. */
      xcb_damage_subtract (self->connection, self->damage, XCB_NONE, XCB_NONE);
      frames->last_us = now_us;
      if (frames->first_us == 0 && has_content (self, INSET_PIXELS, TITLE_PIXELS) &&
          has_content (self, TITLE_PIXELS + INSET_PIXELS, self->height - INSET_PIXELS))
        frames->first_us = now_us;
      xcb_flush (self->connection);
    }
}

/**
 * bench_screen_watch:
 * @self: a watcher
 * @max_ms: how long to wait for the first frame, at the most
 * @rest_ms: how long to watch on after it
 *
 * Returns: when the first frame was drawn that has something in the header bar and something below it, and when something was
 *   drawn for the last time
 */
BenchFrames
bench_screen_watch (BenchScreen *self, guint max_ms, guint rest_ms)
{
  BenchFrames frames = { 0 };
  gint64 end_us = g_get_monotonic_time () + max_ms * G_GINT64_CONSTANT (1000);

  for (;;)
    {
      xcb_generic_event_t *event = wait_event (self, frames.first_us == 0 ? end_us : frames.first_us + rest_ms * 1000L);

      if (event == NULL)
        break;
      handle (self, event, &frames);
      free (event);
    }
  if (frames.first_us == 0)
    g_error (self->window == XCB_NONE ? "no window came" : "the window stayed empty");
  return frames;
}

/**
 * bench_screen_wait_no_window:
 * @self: a watcher whose window's program is being ended
 *
 * Waits until the server has taken the window away, so that the next program finds the screen as this one did.
 */
void
bench_screen_wait_no_window (BenchScreen *self)
{
  gint64 end_us = g_get_monotonic_time () + GONE_MS * 1000L;

  while (self->window != XCB_NONE)
    {
      xcb_generic_event_t *event = wait_event (self, end_us);

      if (event == NULL)
        g_error ("the window stays");
      if ((event->response_type & 0x7f) == XCB_DESTROY_NOTIFY &&
          ((xcb_destroy_notify_event_t *) event)->window == self->window)
        self->window = XCB_NONE;
      free (event);
    }
}
