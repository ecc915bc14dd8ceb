/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kill-switch.h: the script of iptables calls that many clients' kill switches are, to measure ours beside it. */
#pragma once

#define KILL_SWITCH_N_CALLS 41

extern const char *const kill_switch_calls[KILL_SWITCH_N_CALLS];
