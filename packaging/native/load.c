/* load LIBRARY...: whether each can be loaded, every function that it wants included (dlopen(3)). */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	int bad = 0;

	for (int i = 1; i < argc; i++) {
		if (!dlopen(argv[i], RTLD_NOW)) {
			fprintf(stderr, "%s\n", dlerror());
			bad = 1;
		}
	}
	return argc < 2 || bad;
}
