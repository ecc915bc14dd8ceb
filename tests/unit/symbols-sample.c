/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symbols-sample.c: a small library whose functions and lines a test knows. */
int  symbols_sample_called (int a);
void symbols_sample_write  (int *place);

static __attribute__ ((noinline)) int
symbols_sample_hidden (int a)
{
  return a * a + 17;
}

int
symbols_sample_called (int a)
{
  return symbols_sample_hidden (a + 1) + 3;
}

void
symbols_sample_write (int *place)
{
  *(volatile int *) place = 1;
}
