/*
 * outguard-terminal [--remove FOLDER] PROGRAM [ARGUMENT]...
 *
 * Starts a program and outlives it: where the program dies with the terminal in its hands (kill -9, halt, a crash), the
 * terminal is given back from here. It is the parent and not a child, because the shell takes the terminal as soon as the
 * process that it started is gone: what comes later would come on top of the prompt.
 *
 * Without a terminal it becomes the program. Exit status and deadly signal are those of the program.
 *
 * --remove: the folder is removed when the program has ended. Where this process is killed first, a child in a session of its own
 * does that, which waits for the end of a pipe whose other end this process and the program hold.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* As LEAVE in Tty.java, which says what each of them is. */
static const char leave[] = "\033[0m\033[?2026l\033[?1006l\033[?1000l\033[?2004l\033[?7h\033[?25h\033[?1049l";

enum { USAGE = 2, CANNOT_RUN = 126, NOT_FOUND = 127 };

static const int passed_on[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2 };
enum { PASSED_ON = sizeof passed_on / sizeof *passed_on };

static volatile sig_atomic_t child;
static int tty;
static struct termios saved;

/* What the kernel sends for a key or a hang-up goes to the whole job; only what somebody sent to us alone is passed on. */
static void pass_on(int number, siginfo_t *info, void *context)
{
	int keep = errno;

	(void)context;
	if (info->si_code <= 0 && child > 0)
		kill((pid_t)child, number);
	errno = keep;
}

static int run(char **program)
{
	execvp(program[0], program);
	fprintf(stderr, "outguard: %s cannot be started: %s\n", program[0], strerror(errno));
	return errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
}

static void listen_to_signals(struct sigaction *before)
{
	struct sigaction action;
	int i;

	memset(&action, 0, sizeof action);
	action.sa_sigaction = pass_on;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	for (i = 0; i < PASSED_ON; i++) {
		sigaction(passed_on[i], NULL, &before[i]);
		/* What a parent like nohup(1) had us ignore stays ignored. */
		if (before[i].sa_handler != SIG_IGN)
			sigaction(passed_on[i], &action, NULL);
	}
}

/*
 * Output processing is off on the screen and on everywhere else, the console included: where it is off, the screen was not
 * given back. Signals that stop whoever writes from the background are ignored here.
 */
static void give_back(void)
{
	struct termios now;

	if (tcgetattr(tty, &now) || (now.c_oflag & OPOST) == (saved.c_oflag & OPOST))
		return;
	tcflush(tty, TCIFLUSH);
	tcsetattr(tty, TCSANOW, &saved);
	if (write(tty, leave, sizeof leave - 1) < 0) {
		/* The line is hung up: nobody looks at it any more. */
	}
}

/* Stops as the program did, so that the shell sees its job stopped, and goes on with it. */
static void stop_too(void)
{
	siginfo_t seen;

	give_back();
	raise(SIGTSTP);
	memset(&seen, 0, sizeof seen);
	/* Whoever woke us alone meant both. */
	if (waitid(P_PID, (id_t)child, &seen, WCONTINUED | WNOHANG) == 0 && seen.si_pid == 0)
		kill((pid_t)child, SIGCONT);
}

static int end_like(int status)
{
	struct rlimit none = { 0, 0 };
	sigset_t all;

	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	/* The program has left its core already. */
	setrlimit(RLIMIT_CORE, &none);
	signal(WTERMSIG(status), SIG_DFL);
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
	(void)status;
	(void)kind;
	(void)position;
	remove(path);
	return 0;
}

static void remove_all(const char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Waits until nobody holds the other end any more. */
static void wait_and_remove(int end, const char *folder)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE };
	size_t i;
	char byte;

	setsid();
	for (i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	/* Whoever reads what the program wrote waits for the end of that too. */
	for (int stream = 0; stream < 3; stream++)
		close(stream);
	if (chdir("/")) {
		/* It is not in the folder, then. */
	}
	while (read(end, &byte, 1) < 0 && errno == EINTR)
		;
	remove_all(folder);
	_exit(EXIT_SUCCESS);
}

static int start_remover(const char *folder)
{
	int ends[2];
	pid_t remover;

	if (pipe(ends))
		return -1;
	remover = fork();
	if (remover == 0) {
		close(ends[1]);
		wait_and_remove(ends[0], folder);
	}
	/* The other end stays open here and in the program until both have ended. */
	close(ends[0]);
	return remover < 0 ? -1 : 0;
}

static int start_child(char **program)
{
	struct sigaction before[PASSED_ON];
	pid_t parent = getpid();
	int i;

	listen_to_signals(before);
	child = fork();
	if (child < 0)
		return run(program);
	if (child > 0) {
		signal(SIGTTOU, SIG_IGN);
		return 0;
	}
	for (i = 0; i < PASSED_ON; i++)
		sigaction(passed_on[i], &before[i], NULL);
	/* Without us there would be nobody in front of the terminal. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	_exit(getppid() == parent ? run(program) : CANNOT_RUN);
}

static int usage(void)
{
	fputs("usage: outguard-terminal [--remove FOLDER] PROGRAM [ARGUMENT]...\n", stderr);
	return USAGE;
}

/* ^Z reaches the program too; when it has stopped, so do we. */
static int wait_for_child(int on_terminal, int *status)
{
	while (1) {
		if (on_terminal)
			signal(SIGTSTP, SIG_IGN);
		if (waitpid((pid_t)child, status, on_terminal ? WUNTRACED : 0) < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		if (!WIFSTOPPED(*status))
			return 0;
		signal(SIGTSTP, SIG_DFL);
		stop_too();
	}
}

int main(int argc, char **argv)
{
	char **program = argv + 1;
	const char *folder = NULL;
	int status = 0, problem, on_terminal;

	if (argc > 1 && !strcmp(argv[1], "--remove")) {
		if (argc < 4)
			return usage();
		folder = argv[2];
		program += 2;
	}
	if (!program[0])
		return usage();
	tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	on_terminal = tty >= 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !tcgetattr(tty, &saved);
	if (folder && start_remover(folder))
		fprintf(stderr, "outguard: %s stays if this process is killed: %s\n", folder, strerror(errno));
	if (!on_terminal && !folder)
		return run(program);
	problem = start_child(program);
	if (!problem && wait_for_child(on_terminal, &status))
		problem = EXIT_FAILURE;
	if (!problem && on_terminal)
		give_back();
	if (folder)
		remove_all(folder);
	return problem ? problem : end_like(status);
}
