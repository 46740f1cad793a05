// What C programs do by way of wasi-libc: files, directories, times and waiting, as POSIX has them.

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include "check.h"


// The error number that a call leaves behind, 0 when it succeeds.
#define ERROR(call) (errno = 0, (void)(call), errno)

static char text[100];

static const char *read_all(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return strerror(errno);
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  return text;
}

static void streams(void) {
  FILE *file = fopen("/a.txt", "w");
  holds("fopen makes a file", file != NULL);
  fputs("one\ntwo\n", file);
  is("fclose writes what was put", fclose(file), 0);
  is_text("which is read", read_all("/a.txt"), 8, "one\ntwo\n");
  fputs("three\n", file = fopen("/a.txt", "a"));
  fclose(file);
  is_text("mode a appends", read_all("a.txt"), 14, "one\ntwo\nthree\n");
  file = fopen("a.txt", "r+");
  fseek(file, 4, SEEK_SET);
  fputs("TWO", file);
  is("ftell tells where it is", ftell(file), 7);
  rewind(file);
  is_text("mode r+ reads and writes", fgets(text, sizeof text, file), 4, "one\n");
  fclose(file);
  is_text("in place", read_all("a.txt"), 14, "one\nTWO\nthree\n");
  gives("mode wx refuses a file that is there", ERROR(fopen("a.txt", "wx")), EEXIST);
  gives("mode r refuses one that is not", ERROR(fopen("missing", "r")), ENOENT);
  gives("a directory can't be written", ERROR(fopen("/", "w")), EISDIR);
  is("remove takes a file", remove("a.txt"), 0);
  is("remove takes a directory", (mkdir("d", 0777), remove("d")), 0);
}

static void descriptors(void) {
  int fd = open("b", O_RDWR | O_CREAT | O_EXCL, 0666);
  holds("open makes a file", fd > 2);
  struct iovec parts[] = {{"01234", 5}, {"56789", 5}};
  is("writev writes all parts", writev(fd, parts, 2), 10);
  is("pread reads at an offset", pread(fd, text, 3, 4), 3);
  is_text("the right bytes", text, 3, "456");
  is("pwrite writes at an offset", pwrite(fd, "x", 1, 12), 1);
  is("lseek finds the end", lseek(fd, 0, SEEK_END), 13);
  is("ftruncate cuts off", ftruncate(fd, 5), 0);
  is("posix_fallocate makes longer", posix_fallocate(fd, 0, 20), 0);
  is("fsync works", fsync(fd), 0);
  is("fdatasync works", fdatasync(fd), 0);
  is("posix_fadvise works", posix_fadvise(fd, 0, 5, POSIX_FADV_SEQUENTIAL), 0);
  struct stat state;
  fstat(fd, &state);
  is("fstat tells the size", state.st_size, 20);
  holds("and that it is a file", S_ISREG(state.st_mode));
  is("fcntl sets flags", fcntl(fd, F_SETFL, O_APPEND), 0);
  is("and tells them", fcntl(fd, F_GETFL) & O_APPEND, O_APPEND);
  is("a file is no terminal", isatty(fd), 0);
  is("stdout is one", isatty(1), 1);
  is("close closes", close(fd), 0);
  gives("once", ERROR(close(fd)), EBADF);
  is("access finds a file", access("b", F_OK | R_OK | W_OK), 0);
  gives("but not one that is missing", ERROR(access("c", F_OK)), ENOENT);
}

static void paths(void) {
  struct stat state;
  is("mkdir makes a directory", mkdir("/dir", 0777), 0);
  gives("once", ERROR(mkdir("/dir", 0777)), EEXIST);
  is("rename moves a file into it", rename("b", "dir/b"), 0);
  is("link gives it a second name", link("dir/b", "b2"), 0);
  stat("b2", &state);
  is("stat counts the names", state.st_nlink, 2);
  is("symlink links to it", symlink("dir/b", "l"), 0);
  is("readlink reads the target", readlink("l", text, sizeof text), 5);
  lstat("l", &state);
  holds("lstat sees the link", S_ISLNK(state.st_mode));
  stat("l", &state);
  holds("stat follows it", S_ISREG(state.st_mode));
  gives("an absolute target is refused", ERROR(symlink("/dir", "abs")), EPERM);
  is("chdir goes into a directory", chdir("dir"), 0);
  is_text("getcwd tells where that is", getcwd(text, sizeof text), 4, "/dir");
  is("relative paths start there", access("b", F_OK), 0);
  is("and lead back up", access("../b2", F_OK), 0);
  chdir("/");
  int dir = open("dir", O_RDONLY | O_DIRECTORY);
  is("openat opens in a directory", close(openat(dir, "b", O_RDONLY)), 0);
  gives("and not above it", ERROR(openat(dir, "../b2", O_RDONLY)), EPERM);
  is("unlinkat unlinks in it", unlinkat(dir, "b", 0), 0);
  close(dir);
  is("rmdir removes it", rmdir("dir"), 0);
  struct timespec times[2] = {{1000, 5}, {2000, 7}};
  is("utimensat sets times", utimensat(AT_FDCWD, "b2", times, 0), 0);
  stat("b2", &state);
  holds("to the nanosecond", state.st_atim.tv_sec == 1000 && state.st_mtim.tv_nsec == 7);
}

static void listing(void) {
  mkdir("many", 0777);
  for (int number = 0; number < 500; number++) {
    snprintf(text, sizeof text, "many/a-rather-long-name-%03d", number);
    fclose(fopen(text, "w"));
  }
  DIR *directory = opendir("many");
  int count = 0;
  long middle = 0;
  char name[30] = "";
  for (struct dirent *entry; (entry = readdir(directory)) != NULL; count++) {
    if (count == 249) middle = telldir(directory);
    if (count == 250) strcpy(name, entry->d_name);
  }
  is("readdir lists 500 files and the two dots", count, 502);
  seekdir(directory, middle);
  is_text("seekdir goes back to where telldir was", readdir(directory)->d_name, strlen(name), name);
  rewinddir(directory);
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    snprintf(text, sizeof text, "many/%s", entry->d_name);
    count -= unlink(text) == 0;
  }
  is("each can be unlinked while they are listed", count, 2);
  closedir(directory);
  is("which leaves the directory empty", rmdir("many"), 0);
  struct dirent **names;
  is("scandir sorts", scandir("/", &names, NULL, alphasort), 4);
  is_text("by name", names[2]->d_name, 2, "b2");
}

static void waiting(void) {
  struct timespec before, after, pause = {0, 30000000};
  clock_gettime(CLOCK_MONOTONIC, &before);
  is("nanosleep sleeps", nanosleep(&pause, NULL), 0);
  struct pollfd descriptors[] = {{.fd = 1, .events = POLLOUT}, {.fd = 0, .events = POLLIN}};
  is("poll finds what is ready", poll(descriptors, 2, 1000), 2);
  is("stdout to be written", descriptors[0].revents, POLLOUT);
  holds("stdin to be read", descriptors[1].revents & POLLIN);
  clock_gettime(CLOCK_MONOTONIC, &after);
  long long passed = (after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec - before.tv_nsec;
  holds("in 29 ms or more, and not in seconds", passed > 29000000 && passed < 1000000000);
  holds("time tells a year after 2020", time(NULL) > 1577836800);
  is("getentropy gives bytes", getentropy(text, 100), 0);
  is("getenv finds no variable that is not there", getenv("MISSING") == NULL, 1);
}

int main(void) {
  streams();
  descriptors();
  paths();
  listing();
  waiting();
  return finish();
}
