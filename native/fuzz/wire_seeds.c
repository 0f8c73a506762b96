/*
 * Writes what libFuzzer begins with: files of a few frames each, as wire_fuzz.c reads them.
 *
 * wire_seeds folder [seed]
 */
#include "check/frames.h"

#define FILES 400
#define MOST_FRAMES 6

static void write_frames(FILE *file)
{
	uint8_t frame[LONGEST];

	for (uint32_t frames = 1 + below(MOST_FRAMES); frames > 0; frames--) {
		uint32_t type = below(sizeof link_types / sizeof *link_types);
		uint32_t length = make(frame, link_types[type]);

		fputc((int)type, file);
		fputc((int)length, file);
		fputc(below(8) ? 0 : 1 + (int)below(255), file);
		fwrite(frame, 1, length, file);
	}
}

int main(int argc, char **argv)
{
	char name[4096];

	must(argc > 1, "wire_seeds folder [seed]");
	begin_check("wire_seeds", argc - 1, argv + 1);
	for (int i = 0; i < FILES; i++) {
		FILE *file;

		snprintf(name, sizeof name, "%s/frames-%03d", argv[1], i);
		file = fopen(name, "w");
		must(file != NULL, "a file in that folder");
		write_frames(file);
		must(fclose(file) == 0, "a file that can be written");
	}
	return 0;
}
