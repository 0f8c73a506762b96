/*
 * outguard-unpack: from standard input to standard output, undoes the compression of one or more zstd frames (RFC 8878).
 *
 * The head of the single file (packaging/dist/run.sh): zstd is in few bare systems, and what it has packed is smaller than gzip's
 * and unpacked several times as fast. Exit status 0 where the last frame was whole and its checksum right, else 1 with a line that says why.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

static int failed(const char *why)
{
	fprintf(stderr, "outguard-unpack: %s\n", why);
	return 1;
}

static int write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

int main(void)
{
	const size_t in_size = ZSTD_DStreamInSize(), out_size = ZSTD_DStreamOutSize();
	char *in = malloc(in_size), *out = malloc(out_size);
	ZSTD_DStream *stream = ZSTD_createDStream();
	size_t left = 1; /* 0 at the end of a frame */

	if (!in || !out || !stream)
		return failed("no memory");
	for (;;) {
		ssize_t got = read(STDIN_FILENO, in, in_size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed(strerror(errno));
		if (got == 0)
			return left == 0 ? 0 : failed("the input ends too early");
		ZSTD_inBuffer input = {in, (size_t)got, 0};
		ZSTD_outBuffer output;

		/* A full output buffer may leave bytes within the stream although the input is used up. */
		do {
			output = (ZSTD_outBuffer){out, out_size, 0};
			left = ZSTD_decompressStream(stream, &output, &input);
			if (ZSTD_isError(left))
				return failed(ZSTD_getErrorName(left));
			if (write_all(out, output.pos))
				return failed(strerror(errno));
		} while (input.pos < input.size || output.pos == output.size);
	}
}
