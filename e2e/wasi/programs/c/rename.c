// Moving files, directories and links.

#include "files.h"

static void files(void) {
  make_file("a", "a");
  works("a file gets another name", RENAME("a", "b"));
  gives("its old one is gone", STAT("a"), ENOENT);
  read_file("b");
  is_text("it is the same file", content, moved, "a");
  make_file("c", "c");
  STAT("b");
  uint64_t inode = found.inode;
  OPEN("c", 0, FILE_RIGHTS);
  works("a file takes another's place", RENAME("b", "c"));
  STAT("c");
  is("and stays itself", found.inode, inode);
  pread_bytes(opened, 10, 0);
  is_text("the other one stays open", content, moved, "c");
  fd_filestat_get(opened, &found);
  is("without a name", found.links, 0);
  fd_close(opened);
  works("a file moves to its own place", RENAME("c", "c"));
  LINK("c", "d");
  works("two names of a file are not moved onto each other", RENAME("c", "d"));
  works("the first is still there", STAT("c"));
  MKDIR("dir");
  works("a file moves to another directory", RENAME("c", "dir/c"));
  works("to be found there", STAT("dir/c"));
  gives("a file does not take a directory's place", RENAME("d", "dir"), EISDIR);
  gives("what is missing does not move", RENAME("missing", "x"), ENOENT);
  gives("nothing moves to a missing directory", RENAME("d", "missing/x"), ENOENT);
  gives("a file gets no slash behind its name", RENAME("d", "x/"), ENOTDIR);
  gives("nor has it one", RENAME("d/", "x"), ENOTDIR);
  gives("an empty name is none", RENAME("d", ""), ENOENT);
  SYMLINK("d", "l");
  works("a link moves itself", RENAME("l", "m"));
  STAT("m");
  is("as a link", found.type, SYMBOLIC_LINK);
  works("and a link's place is taken, not its target's", RENAME("dir/c", "m"));
  STAT("m");
  is("by the file", found.type, REGULAR_FILE);
}

static void directories(void) {
  MKDIR("p");
  MKDIR("p/q");
  make_file("p/q/f", "deep");
  works("a directory moves with all that is in it", RENAME("p", "r"));
  read_file("r/q/f");
  is_text("as it was", content, moved, "deep");
  gives("not into itself", RENAME("r", "r/x"), EINVAL);
  gives("nor deeper into itself", RENAME("r", "r/q/x"), EINVAL);
  works("it takes the place of an empty one", (MKDIR("empty"), RENAME("r", "empty")));
  works("with all that is in it", STAT("empty/q/f"));
  gives("but not of one that is not empty", (MKDIR("s"), RENAME("s", "empty")), ENOTEMPTY);
  gives("nor of a file", RENAME("s", "d"), ENOTDIR);
  gives("nor of one that it is in", RENAME("empty/q", "empty"), ENOTEMPTY);
  works("slashes behind the names are fine", RENAME("s/", "t/"));
  gives("the directory itself does not move", RENAME(".", "u"), EBUSY);
  gives("nor is anything moved to it", RENAME("t", "."), EBUSY);
  gives("what is around it is out of reach", RENAME("..", "u"), EPERM);
  OPEN_DIRECTORY("empty/q");
  works("an open directory moves", RENAME("empty/q", "moved"));
  works("and is still open", path_filestat_get(opened, 0, P("f"), &found));
  STAT("moved");
  uint64_t inode = found.inode;
  fd_filestat_get(opened, &found);
  is("on the same directory", found.inode, inode);
  works("what is made in it is made there", path_create_directory(opened, P("new")));
  works("where it is now", STAT("moved/new"));
  fd_close(opened);
}

int main(void) {
  files();
  directories();
  return finish();
}
