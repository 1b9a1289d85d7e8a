// Makes calls of the system's C library fail, or ends the process at one of them. Loaded with LD_PRELOAD into a program
// that is not otherwise changed.
//
//   ATL_FAULT_FOLDER  an absolute path: only files in it and below it are concerned
//   ATL_FAULT         ACTION@OPERATION:NUMBER, where NUMBER is the call's, counted from 1, and with a + behind it that
// of the first of all that follow
//                     actions: kill (before the call), tear (half of a write, then kill), enospc, eio, eintr (the call
// fails with this error),
//                     short (a write of half its bytes)
//                     operations: write, sync, rename, create, allocate, folder, remove, or any
//                     enospc@bytes:NUMBER is a disk that has room for so many bytes and no more
//   ATL_FAULT_NAME    only files whose path holds this text count, and fail
//   ATL_FAULT_LOG     a file to which a line is appended for each call that counts: OPERATION, tab, bytes, tab, path,
// then for a rename tab, the path
//                     before, and for a write that is on the disk when it returns (O_DSYNC) tab, synced; the call that
// fails has a ! before it
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <initializer_list>

namespace {

enum Operation { kWrite, kSync, kRename, kCreate, kAllocate, kFolder, kRemove, kOperations, kAny = kOperations };
constexpr const char* kNames[] = {"write", "sync", "rename", "create", "allocate", "folder", "remove", "any"};

enum Action { kNothing, kKill, kTear, kNoSpace, kInputOutput, kInterrupted, kShort };
constexpr const char* kActions[] = {"", "kill", "tear", "enospc", "eio", "eintr", "short"};

using Lookup = void* (*)(void*, const char*);

// The system's own dlsym; that of this file is for the program.
Lookup lookup() {
    static const Lookup actual = [] {
        void* found = nullptr;
        for (const char* version : {"GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.34"})
            if (found == nullptr) found = dlvsym(RTLD_NEXT, "dlsym", version);
        if (found == nullptr) abort();
        return reinterpret_cast<Lookup>(found);
    }();
    return actual;
}

template <class F>
F real(F, const char* name) {
    return reinterpret_cast<F>(lookup()(RTLD_NEXT, name));
}
#define REAL(function) static const auto actual = real(&function, #function)

// What the environment asks for. Read once; the process may change its environment later.
struct Plan {
    char folder[PATH_MAX] = "";
    char name[NAME_MAX] = "";
    Action action = kNothing;
    Operation operation = kAny;
    long number = 0;
    bool following = false;
    bool limited = false;
    std::atomic<long> room{0};
    std::atomic<long> calls{0};
    int log = -1;

    Plan() {
        if (const char* text = getenv("ATL_FAULT_FOLDER")) snprintf(folder, sizeof folder, "%s", text);
        if (const char* text = getenv("ATL_FAULT_NAME")) snprintf(name, sizeof name, "%s", text);
        if (const char* text = getenv("ATL_FAULT_LOG")) {
            REAL(open);
            log = actual(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        }
        if (const char* text = getenv("ATL_FAULT")) parse(text);
    }

    void parse(const char* text) {
        char act[16], what[16];
        if (sscanf(text, "%15[a-z]@%15[a-z]:%ld", act, what, &number) != 3) refuse(text);
        for (int i = kKill; i <= kShort; i++)
            if (strcmp(act, kActions[i]) == 0) action = static_cast<Action>(i);
        following = text[strlen(text) - 1] == '+';
        if (strcmp(what, "bytes") == 0) {
            limited = true;
            room = number;
            if (action != kNoSpace) refuse(text);
            return;
        }
        int operation_found = -1;
        for (int i = 0; i <= kAny; i++)
            if (strcmp(what, kNames[i]) == 0) operation_found = i;
        if (operation_found < 0 || action == kNothing) refuse(text);
        operation = static_cast<Operation>(operation_found);
    }

    [[noreturn]] static void refuse(const char* text) {
        fprintf(stderr, "ATL_FAULT is '%s', which is no fault\n", text);
        _exit(99);
    }
};

Plan& plan() {
    static Plan instance;
    return instance;
}

bool concerned(const char* path) {
    const Plan& p = plan();
    const size_t length = strlen(p.folder);
    if (length == 0 || strncmp(path, p.folder, length) != 0 || (path[length] != '/' && path[length] != 0)) return false;
    return p.name[0] == 0 || strstr(path + length, p.name) != nullptr;
}

bool path_of(int fd, char (&path)[PATH_MAX]) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
    return length > 0;
}

bool absolute(int folder, const char* path, char (&full)[PATH_MAX]) {
    char base[PATH_MAX];
    if (path[0] == '/') {
        snprintf(full, sizeof full, "%s", path);
        return true;
    }
    if (folder == AT_FDCWD ? getcwd(base, sizeof base) == nullptr : !path_of(folder, base)) return false;
    return snprintf(full, sizeof full, "%s/%s", base, path) < static_cast<int>(sizeof full);
}

[[noreturn]] void die() {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// What becomes of a call: its error; or how many of its bytes it is allowed.
struct Verdict {
    int error = 0;
    size_t bytes = 0;
    bool then_die = false;
};

void write_log(Operation operation, size_t bytes, const char* path, const char* detail, bool fails) {
    if (plan().log < 0) return;
    REAL(write);
    char line[2 * PATH_MAX + 64];
    const int length = snprintf(line, sizeof line, "%s%s\t%zu\t%s%s%s\n", fails ? "!" : "", kNames[operation], bytes,
        path, detail[0] != 0 ? "\t" : "", detail);
    if (actual(plan().log, line, static_cast<size_t>(length)) < 0) die();
}

Verdict judge(Operation operation, size_t bytes, const char* path, const char* detail = "") {
    Verdict verdict{0, bytes, false};
    Plan& p = plan();
    if (!concerned(path)) return verdict;
    if (p.limited) {
        if (operation != kWrite && operation != kAllocate) {
            write_log(operation, bytes, path, detail, false);
            return verdict;
        }
        const long wanted = static_cast<long>(bytes);
        const long left = operation == kWrite ? p.room.fetch_sub(wanted) : p.room.load();
        if (left < wanted) {
            if (operation == kWrite) p.room = 0;
            verdict.bytes = operation == kWrite && left > 0 ? static_cast<size_t>(left) : 0;
            if (verdict.bytes == 0) verdict.error = ENOSPC;
        }
        write_log(operation, bytes, path, detail, left < wanted);
        return verdict;
    }
    bool now = false;
    if (p.action != kNothing && (p.operation == kAny || p.operation == operation)) {
        const long call = ++p.calls;
        now = call == p.number || (p.following && call > p.number);
    }
    write_log(operation, bytes, path, detail, now);
    if (!now) return verdict;
    switch (p.action) {
        case kKill: die();
        case kTear:
            if (operation != kWrite) die();
            verdict.bytes = bytes / 2;
            verdict.then_die = true;
            break;
        case kNoSpace: verdict.error = ENOSPC; break;
        case kInputOutput: verdict.error = EIO; break;
        case kInterrupted: verdict.error = EINTR; break;
        case kShort:
            if (operation == kWrite && bytes > 1) verdict.bytes = bytes / 2;
            break;
        case kNothing: break;
    }
    return verdict;
}

Verdict judge_fd(Operation operation, size_t bytes, int fd) {
    char path[PATH_MAX];
    if (plan().folder[0] == 0 || !path_of(fd, path)) return Verdict{0, bytes, false};
    return judge(operation, bytes, path, operation == kWrite && (fcntl(fd, F_GETFL) & O_DSYNC) != 0 ? "synced" : "");
}

Verdict judge_at(Operation operation, int folder, const char* name) {
    char path[PATH_MAX];
    if (plan().folder[0] == 0 || !absolute(folder, name, path)) return Verdict{};
    return judge(operation, 0, path);
}

Verdict judge_rename(int from_folder, const char* from, int to_folder, const char* to) {
    char path[PATH_MAX], before[PATH_MAX];
    if (plan().folder[0] == 0 || !absolute(to_folder, to, path) || !absolute(from_folder, from, before))
        return Verdict{};
    return judge(kRename, 0, path, before);
}

template <class Call>
ssize_t judged_write(int fd, size_t bytes, Call call) {
    const Verdict verdict = judge_fd(kWrite, bytes, fd);
    if (verdict.error != 0) {
        errno = verdict.error;
        return -1;
    }
    const ssize_t written = call(verdict.bytes);
    if (verdict.then_die) die();
    return written;
}

// A gathered write that is cut short becomes the write of its first part: as much as the verdict allows.
template <class Whole, class Part>
ssize_t judged_gather(int fd, const iovec* parts, int count, Whole whole, Part part) {
    size_t bytes = 0;
    for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
    return judged_write(fd, bytes, [&](size_t allowed) -> ssize_t {
        if (allowed == bytes) return whole();
        ssize_t written = 0;
        for (int i = 0; i < count && allowed > 0; i++) {
            const size_t length = parts[i].iov_len < allowed ? parts[i].iov_len : allowed;
            const ssize_t step = part(parts[i].iov_base, length, written);
            if (step < 0) return written > 0 ? written : step;
            written += step;
            allowed -= length;
        }
        return written;
    });
}

template <class Call>
int judged(const Verdict& verdict, Call call) {
    if (verdict.error == 0) return call();
    errno = verdict.error;
    return -1;
}

template <class Open>
int judged_open(int folder, const char* path, int flags, Open open) {
    return (flags & O_CREAT) != 0 ? judged(judge_at(kCreate, folder, path), open) : open();
}

bool has_mode(int flags) { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

}  // namespace

#define MODE(flags)                                    \
    mode_t mode = 0;                                   \
    if (has_mode(flags)) {                             \
        va_list list;                                  \
        va_start(list, flags);                         \
        mode = static_cast<mode_t>(va_arg(list, int)); \
        va_end(list);                                  \
    }

extern "C" {

int open(const char* path, int flags, ...) {
    MODE(flags)
    REAL(open);
    return judged_open(AT_FDCWD, path, flags, [&] { return actual(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
    MODE(flags)
    REAL(open64);
    return judged_open(AT_FDCWD, path, flags, [&] { return actual(path, flags, mode); });
}

int openat(int folder, const char* path, int flags, ...) {
    MODE(flags)
    REAL(openat);
    return judged_open(folder, path, flags, [&] { return actual(folder, path, flags, mode); });
}

int openat64(int folder, const char* path, int flags, ...) {
    MODE(flags)
    REAL(openat64);
    return judged_open(folder, path, flags, [&] { return actual(folder, path, flags, mode); });
}

ssize_t write(int fd, const void* bytes, size_t count) {
    REAL(write);
    return judged_write(fd, count, [&](size_t allowed) { return actual(fd, bytes, allowed); });
}

ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
    REAL(pwrite);
    return judged_write(fd, count, [&](size_t allowed) { return actual(fd, bytes, allowed, offset); });
}

ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t offset) {
    REAL(pwrite64);
    return judged_write(fd, count, [&](size_t allowed) { return actual(fd, bytes, allowed, offset); });
}

ssize_t writev(int fd, const iovec* parts, int count) {
    REAL(writev);
    static const auto single = real(static_cast<ssize_t (*)(int, const void*, size_t)>(&write), "write");
    return judged_gather(
        fd, parts, count, [&] { return actual(fd, parts, count); },
        [&](const void* bytes, size_t length, ssize_t) { return single(fd, bytes, length); });
}

ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
    REAL(pwritev);
    static const auto single = real(static_cast<ssize_t (*)(int, const void*, size_t, off_t)>(&pwrite), "pwrite");
    return judged_gather(
        fd, parts, count, [&] { return actual(fd, parts, count, offset); },
        [&](const void* bytes, size_t length, ssize_t behind) { return single(fd, bytes, length, offset + behind); });
}

ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t offset) {
    REAL(pwritev64);
    static const auto single = real(static_cast<ssize_t (*)(int, const void*, size_t, off64_t)>(&pwrite64), "pwrite64");
    return judged_gather(
        fd, parts, count, [&] { return actual(fd, parts, count, offset); },
        [&](const void* bytes, size_t length, ssize_t behind) { return single(fd, bytes, length, offset + behind); });
}

ssize_t sendfile64(int to, int from, off64_t* offset, size_t count) noexcept {
    REAL(sendfile64);
    return judged_write(to, count, [&](size_t allowed) { return actual(to, from, offset, allowed); });
}

int fsync(int fd) {
    REAL(fsync);
    return judged(judge_fd(kSync, 0, fd), [&] { return actual(fd); });
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return judged(judge_fd(kSync, 0, fd), [&] { return actual(fd); });
}

int syncfs(int fd) noexcept {
    REAL(syncfs);
    return judged(judge_fd(kSync, 0, fd), [&] { return actual(fd); });
}

int rename(const char* from, const char* to) noexcept {
    REAL(rename);
    return judged(judge_rename(AT_FDCWD, from, AT_FDCWD, to), [&] { return actual(from, to); });
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
    REAL(renameat);
    return judged(
        judge_rename(from_folder, from, to_folder, to), [&] { return actual(from_folder, from, to_folder, to); });
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
    REAL(renameat2);
    return judged(judge_rename(from_folder, from, to_folder, to),
        [&] { return actual(from_folder, from, to_folder, to, flags); });
}

int link(const char* from, const char* to) noexcept {
    REAL(link);
    return judged(judge_rename(AT_FDCWD, from, AT_FDCWD, to), [&] { return actual(from, to); });
}

int ftruncate(int fd, off_t length) noexcept {
    REAL(ftruncate);
    return judged(judge_fd(kAllocate, 0, fd), [&] { return actual(fd, length); });
}

int ftruncate64(int fd, off64_t length) noexcept {
    REAL(ftruncate64);
    return judged(judge_fd(kAllocate, 0, fd), [&] { return actual(fd, length); });
}

int posix_fallocate(int fd, off_t offset, off_t length) {
    REAL(posix_fallocate);
    const Verdict verdict = judge_fd(kAllocate, static_cast<size_t>(length), fd);
    return verdict.error != 0 ? verdict.error : actual(fd, offset, length);
}

int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    REAL(posix_fallocate64);
    const Verdict verdict = judge_fd(kAllocate, static_cast<size_t>(length), fd);
    return verdict.error != 0 ? verdict.error : actual(fd, offset, length);
}

int fallocate(int fd, int mode, off_t offset, off_t length) {
    REAL(fallocate);
    return judged(
        judge_fd(kAllocate, static_cast<size_t>(length), fd), [&] { return actual(fd, mode, offset, length); });
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    REAL(fallocate64);
    return judged(
        judge_fd(kAllocate, static_cast<size_t>(length), fd), [&] { return actual(fd, mode, offset, length); });
}

int mkdir(const char* path, mode_t mode) noexcept {
    REAL(mkdir);
    return judged(judge_at(kFolder, AT_FDCWD, path), [&] { return actual(path, mode); });
}

int unlink(const char* path) noexcept {
    REAL(unlink);
    return judged(judge_at(kRemove, AT_FDCWD, path), [&] { return actual(path); });
}

int unlinkat(int folder, const char* path, int flags) noexcept {
    REAL(unlinkat);
    return judged(judge_at(kRemove, folder, path), [&] { return actual(folder, path, flags); });
}

int rmdir(const char* path) noexcept {
    REAL(rmdir);
    return judged(judge_at(kRemove, AT_FDCWD, path), [&] { return actual(path); });
}

// A program that loads the C library and asks it for a function by name must get the one of this file.
void* dlsym(void* handle, const char* name) noexcept {
#define ENTRY(function) \
    { #function, reinterpret_cast < void*>(&function) }
    static const struct {
        const char* name;
        void* function;
    } table[] = {ENTRY(write), ENTRY(pwrite), ENTRY(pwrite64), ENTRY(fsync), ENTRY(fdatasync), ENTRY(rename),
        ENTRY(renameat), ENTRY(renameat2), ENTRY(link), ENTRY(ftruncate), ENTRY(fallocate), ENTRY(posix_fallocate),
        ENTRY(mkdir), ENTRY(unlink), ENTRY(rmdir), ENTRY(syncfs)};
    if (handle != RTLD_NEXT && handle != RTLD_DEFAULT)
        for (const auto& entry : table)
            if (strcmp(name, entry.name) == 0) return entry.function;
    return lookup()(handle, name);
}
}
