// Clocks, randomness, sockets, signals and the exit. With an argument, exits with that code.

#include <stdlib.h>
#include "check.h"

static void clocks(void) {
  uint64_t first = 0, second = 0;
  works("the wall clock tells a time", clock_time_get(REALTIME, 0, &first));
  holds("of after 2020 and before 2100", first > 1577836800000000000 && first < 4102444800000000000);
  works("the monotonic clock tells a time", clock_time_get(MONOTONIC, 0, &first));
  works("whatever the precision", clock_time_get(MONOTONIC, -1, &second));
  holds("later each time", second > first);
  int backward = 0;
  for (int look = 0; look < 10000; look++) {
    first = second;
    clock_time_get(MONOTONIC, 1, &second);
    backward += second <= first;
  }
  is("10,000 times over", backward, 0);
  for (int clock = REALTIME; clock <= MONOTONIC; clock++) {
    works(clock ? "the monotonic clock has a step" : "the wall clock has a step", clock_res_get(clock, &first));
    holds("of more than nothing and less than a second", first > 0 && first < 1000000000);
  }
  gives("the process has no clock", clock_time_get(2, 0, &first), ENOTSUP);
  gives("nor has the thread", clock_time_get(3, 0, &first), ENOTSUP);
  gives("nor have they steps", clock_res_get(2, &first), ENOTSUP);
  gives("there is no fifth clock", clock_time_get(4, 0, &first), EINVAL);
  gives("nor has it a step", clock_res_get(4, &first), EINVAL);
}

static void randomness(void) {
  enum { LENGTH = 200000 };
  static unsigned char random[LENGTH + 1];
  random[LENGTH] = '#';
  works("200,000 random bytes are given, more than a browser gives at once", random_get(random, LENGTH));
  int counts[256] = {0}, most = 0, least = LENGTH;
  for (int at = 0; at < LENGTH; at++) counts[random[at]]++;
  for (int byte = 0; byte < 256; byte++) {
    if (counts[byte] > most) most = counts[byte];
    if (counts[byte] < least) least = counts[byte];
  }
  // 781 of each, give or take 28; six times that happens to one run in a million.
  holds("of which none is rare", least > 600);
  holds("and none is frequent", most < 1000);
  holds("one part is not another", memcmp(random, random + 65536, 65536) != 0);
  is("no byte behind them is touched", random[LENGTH], '#');
  works("no bytes are given, too", random_get(random, 0));
}

static void sockets(void) {
  int32_t result;
  uint32_t length;
  uint16_t flags;
  char byte;
  buffers list = {&byte, 1};
  for (int fd = 1; fd <= 3; fd += 2) {
    gives(fd == 1 ? "a stream accepts no connection" : "a directory accepts no connection", sock_accept(fd, 0, &result), ENOTSOCK);
    gives("it receives nothing", sock_recv(fd, &list, 1, 0, &length, &flags), ENOTSOCK);
    gives("it sends nothing", sock_send(fd, &list, 1, 0, &length), ENOTSOCK);
    gives("it is not shut down", sock_shutdown(fd, 1), ENOTSOCK);
  }
  gives("what is not open accepts no connection", sock_accept(99, 0, &result), EBADF);
  gives("receives nothing", sock_recv(99, &list, 1, 0, &length, &flags), EBADF);
  gives("sends nothing", sock_send(99, &list, 1, 0, &length), EBADF);
  gives("is not shut down", sock_shutdown(99, 1), EBADF);
}

int main(int count, char **arguments) {
  if (count > 1) proc_exit(strtoul(arguments[1], NULL, 10));
  clocks();
  randomness();
  sockets();
  works("yielding works", sched_yield());
  gives("signals can't be raised", proc_raise(15), ENOSYS);
  return finish();
}
