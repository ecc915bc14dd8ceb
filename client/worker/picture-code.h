/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture-code.h: the words of a QR code.  Behind it is zxing-cpp, which is C++ and links nothing but that language's library. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

char *adit_picture_code_find (const unsigned char *grey, int width, int height);

#ifdef __cplusplus
}
#endif
