#include "CKernel.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void set_from_bits(sigset_t *set, uint64_t signals) {
    sigemptyset(set);
    for (int number = 1; number < 64; number++)
        if (signals & (1ULL << number)) sigaddset(set, number);
}

int ck_sigtimedwait(uint64_t signals, int64_t timeout_ms, int32_t *from_pid) {
    sigset_t set;
    set_from_bits(&set, signals);
    siginfo_t info;
    struct timespec limit = {timeout_ms / 1000, (timeout_ms % 1000) * 1000000};
    int number = sigtimedwait(&set, &info, timeout_ms < 0 ? NULL : &limit);
    if (number > 0) *from_pid = info.si_pid;
    return number;
}

int ck_sigmask(int how, uint64_t signals) {
    sigset_t set;
    set_from_bits(&set, signals);
    int failure = pthread_sigmask(how == 0 ? SIG_BLOCK : how == 1 ? SIG_UNBLOCK : SIG_SETMASK, &set, NULL);
    if (failure == 0) return 0;
    errno = failure;
    return -1;
}

int ck_signal_ignore(int signal_number) {
    struct sigaction action = {0};
    action.sa_handler = SIG_IGN;
    return sigaction(signal_number, &action, NULL);
}

// Runs in the child between vfork-like clone and exec: only async-signal-safe calls, no allocation.
static void become(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int count, const char *directory,
    int parent_death_signal, int parent, int new_session, int report) {
    sigset_t none;
    // The report pipe and every source must not sit where a target goes, so all are lifted above first.
    int sources[16];
    int lifted_report = fcntl(report, F_DUPFD_CLOEXEC, 64);
    if (lifted_report < 0) _exit(127);
    if (count > 16) {
        errno = EINVAL;
        goto failed;
    }
    for (int i = 0; i < count; i++) {
        if (descriptors[i] < 0) {
            int null = open("/dev/null", O_RDWR | O_CLOEXEC);
            if (null < 0) goto failed;
            sources[i] = fcntl(null, F_DUPFD_CLOEXEC, 64);
        } else {
            sources[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 64);
        }
        if (sources[i] < 0) goto failed;
    }
    for (int i = 0; i < count; i++)
        if (dup2(sources[i], i) < 0) goto failed;
    // Everything else goes at exec; CLOSE_RANGE_CLOEXEC (4) keeps the report pipe open until then.
    if (syscall(SYS_close_range, (unsigned)count, ~0U, 4U) != 0 && errno != ENOSYS) goto failed;
    if (new_session && setsid() < 0 && errno != EPERM) goto failed;
    if (parent_death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, parent_death_signal) != 0) goto failed;
        // The parent may have died before the prctl; then no signal will ever come.
        if (getppid() != parent) _exit(127);
    }
    if (directory != NULL && chdir(directory) != 0) goto failed;
    struct sigaction standard = {0};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < 64; number++)
        if (number != SIGKILL && number != SIGSTOP) sigaction(number, &standard, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(path, arguments, environment);
failed:;
    int failure = errno;
    ssize_t written = write(lifted_report, &failure, sizeof failure);
    (void)written;
    _exit(127);
}

int ck_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int descriptor_count,
    const char *directory, int parent_death_signal, int new_session) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    // All signals stay blocked over the fork, so that no handler of ours can run in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int parent = getpid();
    int pid = fork();
    if (pid == 0) {
        become(path, arguments, environment, descriptors, descriptor_count, directory, parent_death_signal, parent, new_session, report[1]);
        _exit(127);
    }
    int saved = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (pid < 0) {
        close(report[0]);
        errno = saved;
        return -1;
    }
    // End of file: exec closed the pipe. An int: exec failed with that errno.
    int failure = 0;
    ssize_t got;
    do got = read(report[0], &failure, sizeof failure);
    while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got == (ssize_t)sizeof failure) {
        int status;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        errno = failure;
        return -1;
    }
    return pid;
}

int ck_wait(int pid, int flags, int *status) { return waitpid(pid, status, flags); }
int ck_exited(int status) { return WIFEXITED(status); }
int ck_exit_code(int status) { return WEXITSTATUS(status); }
int ck_termination_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

int ck_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0); }

int ck_limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit limit = {soft, hard};
    return setrlimit(resource, &limit);
}

int ck_listed_user(const char *name, uint32_t *uid, uint32_t *gid) {
    FILE *file = fopen("/etc/passwd", "re");
    if (file == NULL) return -1;
    struct passwd entry, *found = NULL;
    char buffer[4096];
    while (fgetpwent_r(file, &entry, buffer, sizeof buffer, &found) == 0)
        if (strcmp(entry.pw_name, name) == 0) break;
        else found = NULL;
    if (found != NULL) {
        *uid = found->pw_uid;
        *gid = found->pw_gid;
    }
    fclose(file);
    if (found != NULL) return 0;
    errno = ENOENT;
    return -1;
}

int ck_user(const char *name, uint32_t *uid, uint32_t *gid) {
    // The file first: most users stand there, and the services behind getpwnam bring libraries into the process that stay.
    if (ck_listed_user(name, uid, gid) == 0) return 0;
    struct passwd entry, *found = NULL;
    char buffer[4096];
    int failure = getpwnam_r(name, &entry, buffer, sizeof buffer, &found);
    if (failure != 0 || found == NULL) {
        errno = failure != 0 ? failure : ENOENT;
        return -1;
    }
    *uid = entry.pw_uid;
    *gid = entry.pw_gid;
    return 0;
}

int ck_drop_to(uint32_t uid, uint32_t gid, const char *name) {
    // Groups first, then gid, then uid: the other way round the right to change groups is gone.
    if (initgroups(name, gid) != 0) return -1;
    if (setresgid(gid, gid, gid) != 0) return -1;
    return setresuid(uid, uid, uid);
}

int ck_terminal_echo(int descriptor, int on) {
    struct termios settings;
    if (tcgetattr(descriptor, &settings) != 0) return -1;
    if (on)
        settings.c_lflag |= ECHO;
    else
        settings.c_lflag &= ~(tcflag_t)ECHO;
    return tcsetattr(descriptor, TCSAFLUSH, &settings);
}

void ck_error_text(int number, char *buffer, size_t size) {
    // The GNU strerror_r: it may return static storage instead of filling the buffer.
    char own[128];
    snprintf(buffer, size, "%s", strerror_r(number, own, sizeof own));
}

void ck_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void ck_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }
