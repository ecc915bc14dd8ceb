/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-walk.c: finds the frames of the thread that it is called in.
 *
 * Frames are found by libgcc's unwinder from .eh_frame: the libraries of the distributions have no frame pointers, and with those
 * alone nothing would be seen behind abort().  It asks the loader by _dl_find_object(), which takes no lock (glibc 2.35), and
 * allocates nothing.  It believes what it reads on the stack, so each frame is held against the stack's bounds; whoever calls it
 * has to be ready for a fault. */
#include "client/report/crash-walk.h"

#include <unwind.h>

#include "client/report/crash-stack.h"
#include "client/report/modules.h"

/* at: where the signal came. */
typedef struct { AditCrashWalk *walk; gsize at, last_frame; gboolean seen; guint n; } Walk;

static void
add_frame (AditCrashWalk *walk, gsize address)
{
  walk->addresses[walk->n] = address;
  __atomic_store_n (&walk->n, walk->n + 1, __ATOMIC_RELEASE);
}

static gboolean
is_on (AditStackBounds stack, gsize address)
{
  return address >= stack.low && address < stack.high;
}

static _Unwind_Reason_Code
see_frame (struct _Unwind_Context *context, void *user_data)
{
  Walk *self = user_data;
  int is_exact = 0;
  gsize address = _Unwind_GetIPInfo (context, &is_exact), frame = _Unwind_GetCFA (context);
  AditStackBounds stack = adit_crash_stack_get_bounds ();

  if (self->n++ > 2 * self->walk->max)
    return _URC_END_OF_STACK;    /* frames that lead to each other */
  /* First come the handler's own frames, up to the one that was interrupted. */
  if (!self->seen)
    {
      self->seen = address == self->at && is_exact;
      if (!self->seen)
        return _URC_NO_REASON;
      self->last_frame = frame;
      return _URC_NO_REASON;
    }
  if (address == 0)
    return _URC_END_OF_STACK;
  if (self->walk->n == self->walk->max || frame < self->last_frame || (stack.high != 0 && !is_on (stack, frame - 1)))
    {
      self->walk->cut = TRUE;
      return _URC_END_OF_STACK;
    }
  self->last_frame = frame;
  add_frame (self->walk, is_exact ? address : address - 1);
  return _URC_NO_REASON;
}

static gsize
get_register (const ucontext_t *context, gboolean want_stack)
{
#if defined (__x86_64__)
  return (gsize) context->uc_mcontext.gregs[want_stack ? REG_RSP : REG_RIP];
#elif defined (__aarch64__)
  return want_stack ? context->uc_mcontext.sp : context->uc_mcontext.pc;
#else
  return 0;
#endif
}

/**
 * adit_crash_walk:
 * @walk: (inout): with room for two frames or more, and none in it yet
 * @context: as a signal handler is given it
 *
 * Called in the handler, in the thread that is meant.  Takes some 6 kB of stack.
 */
void
adit_crash_walk (AditCrashWalk *walk, const ucontext_t *context)
{
  AditStackBounds stack = adit_crash_stack_get_bounds ();
  Walk self = { .walk = walk, .at = get_register (context, FALSE) };
  gsize top = get_register (context, TRUE);

  add_frame (walk, self.at);
  /* A call of what is no function leaves the unwinder nothing to begin with; its caller is still on top of the stack. */
  if (adit_modules_find (self.at) == NULL && is_on (stack, top) && is_on (stack, top + sizeof top - 1) && top % sizeof top == 0)
    {
      gsize caller = *(const gsize *) top;

      if (adit_modules_find (caller) != NULL)
        add_frame (walk, caller - 1);
    }
  _Unwind_Backtrace (see_frame, &self);
}
