// Directories: making and removing them, and deep trees.

#include "files.h"

static void making_and_removing(void) {
  works("a directory is made", MKDIR("d"));
  works("it has a state", STAT("d"));
  is("it is a directory", found.type, DIRECTORY_TYPE);
  works("one in it is made", MKDIR("d/e"));
  gives("one that is there is refused", MKDIR("d"), EEXIST);
  gives("in place of a file, too", (make_file("f", ""), MKDIR("f")), EEXIST);
  gives("in place of a dangling link, too", (SYMLINK("nowhere", "l"), MKDIR("l")), EEXIST);
  gives("one in a missing directory is refused", MKDIR("missing/d"), ENOENT);
  gives("one below a file is refused", MKDIR("f/d"), ENOTDIR);
  gives("the directory itself is there", MKDIR("."), EEXIST);
  gives("an empty name is none", MKDIR(""), ENOENT);
  works("a slash behind its name is fine", MKDIR("slash/"));
  works("and in removing it", RMDIR("slash/"));
  gives("one with something in it stays", RMDIR("d"), ENOTEMPTY);
  works("an empty one is removed", RMDIR("d/e"));
  works("and the one around it", RMDIR("d"));
  gives("what is gone can't be removed", RMDIR("d"), ENOENT);
  gives("a file is no directory", RMDIR("f"), ENOTDIR);
  gives("nor is a link to one", (MKDIR("d"), SYMLINK("d", "to-d"), RMDIR("to-d")), ENOTDIR);
  gives("the directory itself stays", RMDIR("."), EINVAL);
  gives("what is around it stays", RMDIR(".."), EPERM);
  gives("a directory is not unlinked", UNLINK("d"), EISDIR);
  gives("nor with a slash behind its name", UNLINK("d/"), EISDIR);
  gives("nor is the directory itself", UNLINK("."), EISDIR);
  works("a link to a directory is unlinked", UNLINK("to-d"));
  RMDIR("d");
}

static void removed_while_open(void) {
  MKDIR("d");
  OPEN_DIRECTORY("d");
  int directory = opened;
  works("an open directory can be removed", RMDIR("d"));
  gives("nothing is made in it any more", path_create_directory(directory, P("x")), ENOENT);
  gives("no file", path_open(directory, 0, P("x"), CREAT, FD_READ, 0, 0, &opened), ENOENT);
  gives("no link", path_symlink(P("x"), directory, P("y")), ENOENT);
  make_file("f", "");
  gives("nothing is moved into it", path_rename(ROOT, P("f"), directory, P("f")), ENOENT);
  gives("nor linked", path_link(ROOT, 0, P("f"), directory, P("f")), ENOENT);
  works("it still has a state", fd_filestat_get(directory, &found));
  is("without a name", found.links, 0);
  works("it is closed like any other", fd_close(directory));
  MKDIR("d");
  works("a new one of its name is another one", RMDIR("d"));
}

// Goes down and back up again by descriptors, as deep as directories may be.
static void deep(void) {
  int descriptors[300] = {ROOT};
  int depth = 0;
  while (path_create_directory(descriptors[depth], P("d")) == 0) {
    path_open(descriptors[depth], 0, P("d"), DIRECTORY, DIRECTORY_RIGHTS, ALL_RIGHTS, 0, &opened);
    descriptors[++depth] = opened;
  }
  is("directories go 256 deep", depth, 256);
  gives("and no deeper", path_create_directory(descriptors[depth], P("d")), ENAMETOOLONG);
  works("at the bottom files are made",
        path_open(descriptors[depth], 0, P("f"), CREAT, FILE_RIGHTS, 0, 0, &opened));
  fd_close(opened);
  MKDIR("other");
  MKDIR("other/d");
  gives("nothing deep is moved to where it would be too deep",
        path_rename(ROOT, P("other"), descriptors[depth - 1], P("other")), ENAMETOOLONG);
  char path[600];
  for (int level = 0; level < depth; level++) memcpy(path + level * 2, "d/", 2);
  path[depth * 2] = 'f';
  works("one path leads all the way down",
        path_filestat_get(ROOT, 0, path, depth * 2 + 1, &found));
  path_unlink_file(descriptors[depth], P("f"));
  int removed = 0;
  for (; depth > 0; depth--) {
    fd_close(descriptors[depth]);
    removed += path_remove_directory(descriptors[depth - 1], P("d")) == 0;
  }
  is("all of it is removed again", removed, 256);
}

int main(void) {
  making_and_removing();
  removed_while_open();
  deep();
  return finish();
}
