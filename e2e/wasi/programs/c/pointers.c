// Pointers and lengths that lead out of the memory: every call refuses them, and writes nothing. Run with
// an argument and a variable.

#include <stdlib.h>
#include "files.h"

// Where the memory ends.
static char *end;

// As many of the calls as are made say EFAULT.
#define REFUSED(sentence, ...)                                            \
  do {                                                                    \
    const int found_[] = {__VA_ARGS__};                                   \
    int calls = sizeof found_ / sizeof *found_, refused = 0;              \
    for (int call = 0; call < calls; call++) refused += found_[call] == EFAULT; \
    is(sentence, refused, calls);                                         \
  } while (0)

// Every place that a call writes a result of `size` bytes to, when it is at `to`.
#define RESULTS(to)                                                                            \
  args_sizes_get(to, content), args_sizes_get(content, to), environ_sizes_get(to, content),    \
    environ_sizes_get(content, to), clock_res_get(0, to), clock_time_get(0, 0, to),            \
    fd_fdstat_get(ROOT, to), fd_filestat_get(ROOT, to), fd_pread(file, &list, 1, 0, to),       \
    fd_prestat_get(ROOT, to), fd_pwrite(file, &list, 1, 0, to), fd_read(file, &list, 1, to),   \
    fd_readdir(ROOT, content, 100, 0, to), fd_seek(file, 0, SET, to), fd_tell(file, to),       \
    fd_write(file, &list, 1, to), path_filestat_get(ROOT, 0, P("a"), to),                      \
    path_open(ROOT, 0, P("new"), CREAT, FD_READ, 0, 0, to),                                    \
    path_readlink(ROOT, P("l"), content, 10, to), poll_oneoff(clock, content, 1, to)

// Every place that a call takes `length` bytes from or gives them to, when they are at `at`.
#define AREAS(at, length)                                                                      \
  fd_prestat_dir_name(ROOT, at, length), fd_readdir(ROOT, at, length, 0, &n),                  \
    path_create_directory(ROOT, at, length), path_filestat_get(ROOT, 0, at, length, content),  \
    path_filestat_set_times(ROOT, 0, at, length, 0, 0, 0),                                     \
    path_link(ROOT, 0, at, length, ROOT, P("x")), path_link(ROOT, 0, P("a"), ROOT, at, length), \
    path_open(ROOT, 0, at, length, CREAT, FD_READ, 0, 0, &n),                                  \
    path_readlink(ROOT, at, length, content, 10, &n),                                          \
    path_readlink(ROOT, P("l"), at, length, &n), path_remove_directory(ROOT, at, length),      \
    path_rename(ROOT, at, length, ROOT, P("x")), path_rename(ROOT, P("a"), ROOT, at, length),  \
    path_symlink(at, length, ROOT, P("x")), path_symlink(P("x"), ROOT, at, length),            \
    path_unlink_file(ROOT, at, length), random_get(at, length)

// Every call that takes a list of `count` buffers, when the list is at `at`.
#define LISTS(at, count)                                                                   \
  fd_read(file, at, count, &n), fd_write(file, at, count, &n), fd_pread(file, at, count, 0, &n), \
    fd_pwrite(file, at, count, 0, &n), fd_write(1, at, count, &n), fd_read(0, at, count, &n)

int main(void) {
  enum { FIVE_MIB = 5 << 20 };
  char *large = malloc(FIVE_MIB);
  end = (char *)(__builtin_wasm_memory_size(0) << 16);
  // The last bytes of the memory are this program's, to see whether they are written.
  while (true) {
    char *block = malloc(1000);
    if (block + 100000 > end) break;
  }
  uint32_t n;
  char clock[96] = {0};
  make_file("a", "0123456789");
  SYMLINK("a", "l");
  OPEN("a", 0, FILE_RIGHTS);
  int file = opened;
  buffers list = {content, 10};
  memset(end - 64, '#', 64);

  REFUSED("no result is written across the end", RESULTS(end - 3));
  REFUSED("nor behind it", RESULTS(end));
  REFUSED("nor at the last number", RESULTS((void *)UINT32_MAX));
  REFUSED("results of eight bytes are not cut off", clock_time_get(0, 0, end - 7), clock_res_get(1, end - 7),
          fd_seek(file, 0, SET, end - 7), fd_tell(file, end - 7), fd_prestat_get(ROOT, end - 7));
  REFUSED("nor larger ones", fd_fdstat_get(ROOT, end - 23), fd_filestat_get(ROOT, end - 63),
          path_filestat_get(ROOT, 0, P("a"), end - 63));
  REFUSED("no area reaches across the end", AREAS(end - 8, 60));
  REFUSED("nor around all numbers", AREAS(end - 8, UINT32_MAX - 100));
  REFUSED("nor starts at the last number", AREAS((void *)UINT32_MAX, 50));
  REFUSED("no subscription reaches across the end", poll_oneoff(end - 47, content, 1, &n));
  REFUSED("no event does", poll_oneoff(clock, end - 31, 1, &n), poll_oneoff(clock, end - 32, 2, &n));
  REFUSED("no list of buffers reaches across the end", LISTS(end - 8, 2));
  REFUSED("nor starts behind it", LISTS((void *)(UINT32_MAX - 7), 1));

  const buffers across = {end - 5, 10}, behind = {end, 1}, around = {content, UINT32_MAX}, last = {(void *)UINT32_MAX, 2};
  REFUSED("no buffer reaches across the end", LISTS(&across, 1));
  REFUSED("nor starts behind it, either", LISTS(&behind, 1));
  REFUSED("nor is as long as all numbers", LISTS(&around, 1));
  REFUSED("nor goes around", LISTS(&last, 1));
  const buffers late[] = {{content, 4}, {end - 5, 10}};
  REFUSED("nor does a later one", LISTS(late, 2));
  static buffers much[1024];
  for (int index = 0; index < 1024; index++) much[index] = (buffers){large, FIVE_MIB};
  gives("buffers of 2^32 bytes together are refused", fd_write(1, much, 1024, &n), EINVAL);
  gives("in reading, too", fd_read(file, much, 1024, &n), EINVAL);
  const int counts[] = {LISTS(&list, UINT32_MAX)};
  int invalid = 0;
  for (int call = 0; call < 6; call++) invalid += counts[call] == EINVAL;
  is("lists of more buffers than are allowed are refused", invalid, 6);
  gives("so are polls of more than are allowed", poll_oneoff(clock, content, UINT32_MAX, &n), EINVAL);
  REFUSED("arguments and variables are not written behind the end", args_get(end - 3, content), args_get(content, end),
          environ_get(end - 3, content), environ_get(content, end));
  gives("a socket is refused before its pointers are looked at", sock_recv(1, end, 9, 0, end, end), ENOTSOCK);

  bool untouched = true;
  for (char *at = end - 64; at < end; at++) untouched = untouched && *at == '#';
  holds("nothing of all that was written", untouched);
  gives("and no file was made", STAT("new"), ENOENT);
  gives("by any name", STAT("x"), ENOENT);
  read_file("a");
  is_text("and the file is as it was", content, moved, "0123456789");
  fd_tell(file, &position);
  is("its position, too", position, 0);

  works("a result may be at the very end", clock_time_get(0, 0, end - 8));
  works("a state may be, too", fd_filestat_get(file, end - 64));
  works("random bytes may be, too", random_get(end - 10, 10));
  works("nothing may be anywhere", random_get((void *)UINT32_MAX, 0));
  const buffers none = {(void *)UINT32_MAX, 0};
  works("an empty buffer may be anywhere", fd_write(file, &none, 1, &n));
  works("a list of none may be anywhere", fd_write(file, (void *)UINT32_MAX, 0, &n));

  // The file's bytes are read over the list that says where they go, and over the result.
  buffers itself[2] = {{itself, sizeof itself}, {content, 4}};
  works("a list may be within its own buffer", fd_pread(file, itself, 2, 0, &n));
  is("and counts as it was when the call was made", n, 10);
  return finish();
}
