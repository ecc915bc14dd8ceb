/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture-code.cc: the only C++ here, as thin as it can be; nothing is thrown out of it. */
#define ZX_USE_UTF8 1
#include "client/worker/picture-code.h"

#include <ZXing/ReadBarcode.h>
#include <ZXing/ZXVersion.h>
#include <cstring>

#if ZXING_VERSION_MAJOR > 2 || (ZXING_VERSION_MAJOR == 2 && ZXING_VERSION_MINOR >= 2)
typedef ZXing::ReaderOptions Options;
#else
typedef ZXing::DecodeHints Options;
#endif

/**
 * adit_picture_code_find:
 * @grey: (array): a byte a pixel, row by row, 0 is black
 * @width: of a row
 * @height: how many rows
 *
 * Returns: (transfer full) (nullable): what the QR code says, for free(); %NULL where none is found
 */
char *
adit_picture_code_find (const unsigned char *grey, int width, int height)
{
  try
    {
      const ZXing::ImageView view (grey, width, height, ZXing::ImageFormat::Lum);
      Options options;

      options.setFormats (ZXing::BarcodeFormat::QRCode).setTryHarder (true).setTryRotate (true);
      const auto found = ZXing::ReadBarcode (view, options);

      return found.isValid () ? strdup (found.text ().c_str ()) : nullptr;
    }
  catch (...)
    {
      return nullptr;
    }
}
