/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-frame.c: from places to what is shown of the world, and from there to the next; a globe has no edge to the east. */
#include "ui/map-frame.h"

#include <math.h>

#define TOP     0.15     /* the land that is farthest north and south, without the ice */
#define BOTTOM  0.70
#define CLOSE   0.27     /* of the world's width: what is seen around one place; nearer the outlines are too coarse */
#define LOW     0.09     /* what is at least seen from top to bottom */
#define MARGIN  1.6      /* of the box around several places */

/* The nearest of a point and the same one round the globe. */
static double
turn_to (double x, double near)
{
  return x - round (x - near);
}

/* No less than the world's height leaves white above and below; and the world is not left. */
static AditMapFrame
hold (AditMapFrame frame, double aspect)
{
  double height;

  frame.width = MIN (frame.width, MIN (1.0, (BOTTOM - TOP) * aspect));
  height = frame.width / aspect;
  frame.centre.y = CLAMP (frame.centre.y, TOP + height / 2, BOTTOM - height / 2);
  frame.centre.x -= floor (frame.centre.x);
  return frame;
}

/**
 * adit_map_frame_fit:
 * @points: (array length=n_points): what is to be seen
 * @n_points: how many; without any the world is
 * @aspect: width of what it is shown on, divided by its height
 *
 * Returns: the part of the map around them
 */
AditMapFrame
adit_map_frame_fit (const AditMapPoint *points, guint n_points, double aspect)
{
  AditMapPoint least, most;

  if (n_points == 0)
    return hold ((AditMapFrame) { { 0.5, (TOP + BOTTOM) / 2 }, 1.0 }, aspect);
  least = most = points[0];
  for (guint i = 1; i < n_points; i++)
    {
      double x = turn_to (points[i].x, points[0].x);

      least = (AditMapPoint) { MIN (least.x, x), MIN (least.y, points[i].y) };
      most = (AditMapPoint) { MAX (most.x, x), MAX (most.y, points[i].y) };
    }
  return hold ((AditMapFrame) { { (least.x + most.x) / 2, (least.y + most.y) / 2 },
                                MAX (MAX (CLOSE, LOW * aspect), MARGIN * MAX (most.x - least.x, (most.y - least.y) * aspect)) },
               aspect);
}

/**
 * adit_map_frame_mix:
 * @from: what was seen
 * @to: what is to be seen
 * @share: how much of the way is done, from 0 to 1
 *
 * Goes the shorter way round the globe, and comes nearer evenly.
 *
 * Returns: what is seen on the way
 */
AditMapFrame
adit_map_frame_mix (const AditMapFrame *from, const AditMapFrame *to, double share)
{
  double x = turn_to (to->centre.x, from->centre.x);

  return (AditMapFrame) { { from->centre.x + (x - from->centre.x) * share,
                            from->centre.y + (to->centre.y - from->centre.y) * share },
                          from->width * pow (to->width / from->width, share) };
}

/**
 * adit_map_frame_equal:
 * @a: a part of the map
 * @b: another one
 *
 * Returns: whether they show the same
 */
gboolean
adit_map_frame_equal (const AditMapFrame *a, const AditMapFrame *b)
{
  return a->centre.x == b->centre.x && a->centre.y == b->centre.y && a->width == b->width;
}

/**
 * adit_map_frame_place:
 * @self: what is seen
 * @point: a point of the map
 * @width: of what it is shown on, in pixels
 * @height: the same
 *
 * Returns: where it is on that, in pixels from its upper left corner; it need not be within
 */
AditMapPoint
adit_map_frame_place (const AditMapFrame *self, const AditMapPoint *point, double width, double height)
{
  double scale = width / self->width;

  return (AditMapPoint) { (turn_to (point->x, self->centre.x) - self->centre.x) * scale + width / 2,
                          (point->y - self->centre.y) * scale + height / 2 };
}
