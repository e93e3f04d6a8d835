// What Descent uses of zlib: one block of deflated bytes, as zip archives hold them, and their checksum.

#ifndef DESCENT_CZLIB_SHIM_H
#define DESCENT_CZLIB_SHIM_H

#include <string.h>
#include <zlib.h>

/// Inflates a raw deflate stream (RFC 1951) of known result size. 0 when it gave exactly that many
/// bytes, else another number.
static inline int descent_inflate(
    const unsigned char *input, unsigned int input_count, unsigned char *output,
    unsigned int output_count) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return 1;
  unsigned char spare;
  stream.next_in = (unsigned char *)input;
  stream.avail_in = input_count;
  stream.next_out = output_count > 0 ? output : &spare;
  stream.avail_out = output_count > 0 ? output_count : 1;
  int code = inflate(&stream, Z_FINISH);
  unsigned long written = stream.total_out;
  inflateEnd(&stream);
  return code == Z_STREAM_END && written == output_count ? 0 : 1;
}

/// Inflates as much of the beginning of a raw deflate stream as there is room for, and returns how
/// many bytes that is.
static inline unsigned int descent_inflate_beginning(
    const unsigned char *input, unsigned int input_count, unsigned char *output,
    unsigned int output_count) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (output_count == 0 || inflateInit2(&stream, -MAX_WBITS) != Z_OK) return 0;
  stream.next_in = (unsigned char *)input;
  stream.avail_in = input_count;
  stream.next_out = output;
  stream.avail_out = output_count;
  inflate(&stream, Z_SYNC_FLUSH);
  unsigned int written = (unsigned int)stream.total_out;
  inflateEnd(&stream);
  return written;
}

static inline unsigned long descent_crc32(const unsigned char *bytes, unsigned int count) {
  return crc32(crc32(0, Z_NULL, 0), bytes, count);
}

#endif
