// Hard links and symbolic links.

#include "files.h"

static int readlink_into(const char *path, uint32_t room) {
  return path_readlink(ROOT, path, strlen(path), content, room, &moved);
}

static void hard(void) {
  make_file("a", "text");
  works("a file gets a second name", LINK("a", "b"));
  STAT("a");
  uint64_t inode = found.inode;
  is("it has two names", found.links, 2);
  STAT("b");
  is("which lead to one file", found.inode, inode);
  make_file("b", "changed");
  read_file("a");
  is_text("what is written by one is read by the other", content, moved, "changed");
  works("one name can go", UNLINK("a"));
  STAT("b");
  is("the other stays", found.links, 1);
  works("a name can be in another directory", (MKDIR("d"), LINK("b", "d/c")));
  gives("a name that is taken is refused", LINK("b", "d/c"), EEXIST);
  gives("also by the file itself", LINK("b", "b"), EEXIST);
  gives("also by a directory", LINK("b", "d"), EEXIST);
  gives("a directory gets no second name", LINK("d", "e"), EPERM);
  gives("nor does what is missing", LINK("missing", "e"), ENOENT);
  gives("nor in a missing directory", LINK("b", "missing/e"), ENOENT);
  gives("a slash behind the new name is refused", LINK("b", "e/"), ENOENT);
  gives("a slash behind the old one, too", LINK("b/", "e"), ENOTDIR);
  SYMLINK("b", "l");
  works("a symbolic link gets a second name itself", LINK("l", "l2"));
  STAT("l2");
  is("as a link", found.type, SYMBOLIC_LINK);
  works("or, followed, the file does", path_link(ROOT, FOLLOW, P("l"), ROOT, P("f")));
  STAT("f");
  is("as a file", found.type, REGULAR_FILE);
  works("a dangling link gets a second name", (SYMLINK("nowhere", "x"), LINK("x", "x2")));
  gives("but not, followed, the file that is not there",
        path_link(ROOT, FOLLOW, P("x"), ROOT, P("x3")), ENOENT);
  gives("a lookup flag that does not exist is refused", path_link(ROOT, 2, P("b"), ROOT, P("y")), EINVAL);
}

static void symbolic(void) {
  works("a symbolic link is made", SYMLINK("some/where", "s"));
  works("it has a state", STAT("s"));
  is("it is a link", found.type, SYMBOLIC_LINK);
  is("as long as its target", found.size, 10);
  memset(content, '#', sizeof content);
  works("its target is read", readlink_into("s", sizeof content));
  is_text("as it was written", content, moved, "some/where");
  is("and no more is touched", content[10], '#');
  works("with little room it is cut off", readlink_into("s", 4));
  is_text("at its end", content, moved, "some");
  works("with none, too", readlink_into("s", 0));
  is("to nothing", moved, 0);
  gives("a file has no target", (make_file("f", ""), readlink_into("f", 10)), EINVAL);
  gives("nor has a directory", readlink_into(".", 10), EINVAL);
  gives("what is missing has none", readlink_into("missing", 10), ENOENT);
  gives("a name that is taken is refused", SYMLINK("x", "s"), EEXIST);
  gives("also by a directory", SYMLINK("x", "."), EEXIST);
  gives("a missing directory is refused", SYMLINK("x", "missing/s"), ENOENT);
  gives("a slash behind the name is refused", SYMLINK("x", "t/"), ENOENT);
  gives("an empty target is refused", SYMLINK("", "t"), ENOENT);
  gives("a NUL in a target is refused", SYMLINK("a\0b", "t"), EINVAL);
  gives("bytes that are no UTF-8 are refused", SYMLINK("\xff", "t"), EILSEQ);
  static char target[4097];
  memset(target, 't', sizeof target);
  works("a target may have 4,096 bytes", path_symlink(target, 4096, ROOT, P("t")));
  gives("and no more", path_symlink(target, 4097, ROOT, P("u")), ENAMETOOLONG);
  works("a link is unlinked", UNLINK("t"));
  make_file("goal", "goal");
  SYMLINK("goal", "g");
  UNLINK("g");
  works("and what it leads to is not", STAT("goal"));
}

int main(void) {
  hard();
  symbolic();
  return finish();
}
