/*
 * Twin of org.outguard.app.Tty: one terminal a process, so its state is static.
 *
 * Signals only write a byte into a pipe that read() polls; what they mean is done there, on the thread that draws. TERM, HUP
 * and INT are left to the JVM, whose shutdown hooks give the terminal back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* The same numbers stand in Tty.java. */
enum { NOTHING = 0, GONE = -1, RESIZED = -2, STOP_ASKED = -3, CONTINUED = -4, WOKEN = -5 };

enum { MOST_READ = 4096, WRITE_STEP_MS = 100 };

static int tty = -1;
static int wake[2] = { -1, -1 };
static struct termios saved;
static atomic_int given_back = 1;

/* Held for one step that does not wait: nothing of ours follows what gives the terminal back. */
static pthread_mutex_t step = PTHREAD_MUTEX_INITIALIZER;

static struct sigaction old_winch, old_tstp, old_cont;

static void on_signal(int number)
{
	int keep = errno;
	char what = number == SIGWINCH ? 'w' : number == SIGTSTP ? 'z' : 'c';

	/* Full means that enough is waiting there already. */
	if (write(wake[1], &what, 1) < 0) {
	}
	errno = keep;
}

static void take_signal(int number, struct sigaction *old)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	action.sa_flags = SA_RESTART;
	sigaction(number, &action, old);
}

/* Someone who was told to ignore ^Z (nohup-like parents) goes on ignoring it. */
static void take_stop(void)
{
	take_signal(SIGTSTP, &old_tstp);
	if (old_tstp.sa_handler == SIG_IGN)
		sigaction(SIGTSTP, &old_tstp, NULL);
}

static int make_raw(void)
{
	struct termios raw = saved;

	cfmakeraw(&raw);
	/*
     * ^C and ^Z stay signals: the kernel sends them to the whole job, a sudo or a script above us included, and ^C works even
     * where nobody reads keys. ^\ would have the JVM print its threads over the screen.
     */
	raw.c_lflag |= ISIG;
	raw.c_cc[VQUIT] = _POSIX_VDISABLE;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(tty, TCSANOW, &raw) ? errno : 0;
}

static int make_raw_again(void)
{
	int done;

	pthread_mutex_lock(&step);
	done = !atomic_load(&given_back) && make_raw() == 0;
	pthread_mutex_unlock(&step);
	return done;
}

/* Our own open file, so that O_NONBLOCK is not seen by those who share descriptors 0 and 1 with us (open(2)). */
static int open_own(void)
{
	char name[256];
	int flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	int fd = open("/dev/tty", flags);

	if (fd < 0 && ttyname_r(STDIN_FILENO, name, sizeof name) == 0)
		fd = open(name, flags);
	return fd;
}

/* 0, errno, or -1 where input or output is no terminal. */
JNIEXPORT jint JNICALL Java_org_outguard_app_Tty_take(JNIEnv *env, jclass cls)
{
	int problem;

	(void)env;
	(void)cls;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return -1;
	if (tty >= 0)
		return EBUSY;
	tty = open_own();
	if (tty < 0)
		return errno;
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC) || tcgetattr(tty, &saved)) {
		problem = errno;
		goto fail;
	}
	take_signal(SIGWINCH, &old_winch);
	take_signal(SIGCONT, &old_cont);
	take_stop();
	atomic_store(&given_back, 0);
	problem = make_raw();
	if (problem == 0)
		return 0;
	atomic_store(&given_back, 1);
	sigaction(SIGWINCH, &old_winch, NULL);
	sigaction(SIGCONT, &old_cont, NULL);
	sigaction(SIGTSTP, &old_tstp, NULL);
fail:
	close(tty);
	tty = -1;
	return problem;
}

JNIEXPORT jstring JNICALL Java_org_outguard_app_Tty_explain(JNIEnv *env, jclass cls, jint number)
{
	(void)cls;
	return (*env)->NewStringUTF(env, strerror(number));
}

/* Columns above 16 bits of rows; 0 where it is not known. */
JNIEXPORT jint JNICALL Java_org_outguard_app_Tty_size0(JNIEnv *env, jclass cls)
{
	struct winsize size;

	(void)env;
	(void)cls;
	if (ioctl(tty, TIOCGWINSZ, &size))
		return 0;
	return (jint)((size.ws_col & 0x7fffu) << 16 | size.ws_row);
}

static int woken(void)
{
	char what[64];
	ssize_t count = read(wake[0], what, sizeof what);
	int stop = count > 0 && memchr(what, 'z', (size_t)count) != NULL;
	int again = count > 0 && memchr(what, 'c', (size_t)count) != NULL;

	if (atomic_load(&given_back))
		return GONE;
	return stop ? STOP_ASKED : again ? CONTINUED : count > 0 && memchr(what, 'w', (size_t)count) ? RESIZED : WOKEN;
}

/* Bytes read, or why there are none. */
JNIEXPORT jint JNICALL Java_org_outguard_app_Tty_read0(JNIEnv *env, jclass cls, jbyteArray into, jint timeout_ms)
{
	struct pollfd fds[2] = { { .fd = tty, .events = POLLIN }, { .fd = wake[0], .events = POLLIN } };
	jbyte bytes[MOST_READ];
	jsize most = (*env)->GetArrayLength(env, into);
	ssize_t count;

	(void)cls;
	if (atomic_load(&given_back))
		return GONE;
	if (poll(fds, 2, timeout_ms < 0 ? 0 : timeout_ms) <= 0)
		return NOTHING;
	if (fds[1].revents)
		return woken();
	count = read(tty, bytes, most < MOST_READ ? (size_t)most : MOST_READ);
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return NOTHING;
	/* 0 and EIO (setsid(2), credentials(7)): the line is hung up. */
	if (count <= 0)
		return GONE;
	(*env)->SetByteArrayRegion(env, into, 0, (jsize)count, bytes);
	return (jint)count;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/*
 * Writes all of it, or gives up: at once when the terminal is gone, after `patience` milliseconds without room (0: never), and
 * when it was given back meanwhile, unless `last` says that these are the bytes that give it back.
 */
static int write_all(const jbyte *bytes, size_t length, long patience, int last)
{
	struct pollfd room = { .fd = tty, .events = POLLOUT };
	long stuck_since = now_ms();

	while (length > 0) {
		int cancelled, problem;
		ssize_t count = -1;

		pthread_mutex_lock(&step);
		cancelled = !last && atomic_load(&given_back);
		if (!cancelled)
			count = write(tty, bytes, length);
		problem = errno;
		pthread_mutex_unlock(&step);
		if (cancelled)
			return ECANCELED;
		if (count > 0) {
			bytes += count;
			length -= (size_t)count;
			stuck_since = now_ms();
		} else if (count < 0 && problem == EAGAIN) {
			if (patience && now_ms() - stuck_since > patience)
				return ETIMEDOUT;
			poll(&room, 1, WRITE_STEP_MS);
		} else if (count == 0 || problem != EINTR) {
			return count == 0 ? EIO : problem;
		}
	}
	return 0;
}

static int write_bytes(JNIEnv *env, jbyteArray bytes, jint length, long patience, int last)
{
	jbyte *held = (*env)->GetByteArrayElements(env, bytes, NULL);
	int problem;

	if (held == NULL)
		return ENOMEM;
	problem = write_all(held, (size_t)length, patience, last);
	(*env)->ReleaseByteArrayElements(env, bytes, held, JNI_ABORT);
	return problem;
}

JNIEXPORT jint JNICALL Java_org_outguard_app_Tty_write0(JNIEnv *env, jclass cls, jbyteArray bytes, jint length)
{
	(void)cls;
	return write_bytes(env, bytes, length, 0, 0);
}

/*
 * Reports of the terminal that nobody has read would be typed at the shell. Not TCSAFLUSH: that waits for a slow line. Whose
 * parent was killed is behind the shell by now; blocked, SIGTTOU does not keep it from setting modes (termios(3)).
 */
static void restore_modes(void)
{
	sigset_t background, before;

	sigemptyset(&background);
	sigaddset(&background, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &background, &before);
	tcflush(tty, TCIFLUSH);
	tcsetattr(tty, TCSANOW, &saved);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static int foreground(void)
{
	pid_t group = tcgetpgrp(tty);

	/* Where it is not our controlling terminal there are no jobs on it, and nobody is in the background. */
	return group < 0 || group == getpgrp();
}

/* Whether it is not there any more: then there is no shell that would let us go on. */
static int hung_up(void)
{
	struct termios now;

	return tcgetattr(tty, &now) != 0;
}

/*
 * Gives the terminal to the shell and stops; comes back when we are in front again. SIGTSTP with its default action and not
 * SIGSTOP: the kernel does not stop an orphaned process group by it, which nobody would wake (setpgid(2)). raise() acts on
 * this thread and has taken effect when it returns.
 */
JNIEXPORT jboolean JNICALL Java_org_outguard_app_Tty_stop(JNIEnv *env, jclass cls, jbyteArray leave)
{
	struct sigaction standard;
	sigset_t stop, before;
	char told[64];
	int tries = 0;

	(void)cls;
	write_bytes(env, leave, (*env)->GetArrayLength(env, leave), 1000, 1);
	restore_modes();
	memset(&standard, 0, sizeof standard);
	standard.sa_handler = SIG_DFL;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &stop, &before);
	/* A shell that ends with its terminal continues us first; to stop in that moment would be for ever. */
	while (!hung_up()) {
		sigaction(SIGTSTP, &standard, NULL);
		raise(SIGTSTP);
		take_stop();
		/* By `bg` we are continued behind the shell: there is no screen to draw there, so stop again. */
		if (foreground() || ++tries == 100)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	/* The SIGCONT that woke us needs no answer of its own. */
	while (read(wake[0], told, sizeof told) > 0) {
	}
	return foreground() && make_raw_again();
}

/* After SIGCONT that ^Z did not lead to (kill -STOP): the shell may have set its own modes. */
JNIEXPORT jboolean JNICALL Java_org_outguard_app_Tty_raw(JNIEnv *env, jclass cls)
{
	(void)env;
	(void)cls;
	return foreground() && make_raw_again();
}

/* To the console, which sets modes and signals of its own. What is typed ahead is meant for it. */
JNIEXPORT void JNICALL Java_org_outguard_app_Tty_lend(JNIEnv *env, jclass cls, jbyteArray leave)
{
	(void)cls;
	write_bytes(env, leave, (*env)->GetArrayLength(env, leave), 1000, 1);
	tcsetattr(tty, TCSANOW, &saved);
}

JNIEXPORT jboolean JNICALL Java_org_outguard_app_Tty_retake(JNIEnv *env, jclass cls)
{
	(void)env;
	(void)cls;
	take_signal(SIGWINCH, NULL);
	take_signal(SIGCONT, NULL);
	take_stop();
	return foreground() && make_raw_again();
}

/* Gives it back, from any thread and once: later calls do nothing. The descriptors stay open, because read() may be in them. */
JNIEXPORT void JNICALL Java_org_outguard_app_Tty_giveBack(JNIEnv *env, jclass cls, jbyteArray leave)
{
	char what = 'q';
	int already;

	(void)cls;
	pthread_mutex_lock(&step);
	already = atomic_exchange(&given_back, 1);
	pthread_mutex_unlock(&step);
	if (already)
		return;
	if (write(wake[1], &what, 1) < 0) {
	}
	sigaction(SIGWINCH, &old_winch, NULL);
	sigaction(SIGCONT, &old_cont, NULL);
	sigaction(SIGTSTP, &old_tstp, NULL);
	write_bytes(env, leave, (*env)->GetArrayLength(env, leave), 500, 1);
	restore_modes();
}
