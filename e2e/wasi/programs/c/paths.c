// Where paths lead, and where they don't.

#include "files.h"

// The errno of looking at the directory "inside" through a descriptor of its own.
static int inside;
#define LOOK(path) path_filestat_get(inside, FOLLOW, P(path), &found)

static void containment(void) {
  make_file("secret", "outside");
  MKDIR("inside");
  MKDIR("inside/d");
  OPEN_DIRECTORY("inside");
  inside = opened;
  works("a path in the directory leads there", LOOK("d"));
  works("`..` goes back up within it", LOOK("d/../d/.././d"));
  gives("`..` does not leave it", LOOK(".."), EPERM);
  gives("nor a path that starts with it", LOOK("../secret"), EPERM);
  gives("nor one that comes to it", LOOK("d/../../secret"), EPERM);
  gives("nor one that would come back", LOOK("../inside/d"), EPERM);
  gives("an absolute path is refused", LOOK("/secret"), EPERM);
  gives("and the root", LOOK("/"), EPERM);

  SYMLINK("../secret", "inside/out");
  SYMLINK("../inside/d", "inside/out-and-back");
  SYMLINK("out", "inside/d/far");
  path_symlink(P("../out"), inside, P("d/up"));
  gives("a link does not lead out", LOOK("out"), EPERM);
  gives("nor out and back", LOOK("out-and-back"), EPERM);
  gives("nor by another link", LOOK("d/up"), EPERM);
  works("but from above the same link does lead there",
        path_filestat_get(ROOT, FOLLOW, P("inside/out"), &found));
  gives("a link to an absolute path can't be made", path_symlink(P("/secret"), inside, P("abs")), EPERM);

  gives("nothing is opened outside", path_open(inside, FOLLOW, P("out"), 0, FD_READ, 0, 0, &opened), EPERM);
  gives("nothing is made outside",
        path_open(inside, FOLLOW, P("../new"), CREAT, FD_READ, 0, 0, &opened), EPERM);
  gives("no directory is made outside", path_create_directory(inside, P("../new")), EPERM);
  gives("none is removed outside", path_remove_directory(inside, P("d/../../inside")), EPERM);
  gives("no file is unlinked outside", path_unlink_file(inside, P("../secret")), EPERM);
  gives("nothing is moved out", path_rename(inside, P("d"), inside, P("../d")), EPERM);
  gives("nothing is moved in", path_rename(inside, P("../secret"), inside, P("s")), EPERM);
  gives("nothing is linked in", path_link(inside, 0, P("../secret"), inside, P("s")), EPERM);
  gives("nothing is linked in by a link", path_link(inside, FOLLOW, P("out"), inside, P("s")), EPERM);
  gives("no link is made outside", path_symlink(P("x"), inside, P("../x")), EPERM);
  gives("no link is read outside", path_readlink(inside, P("../l"), content, 10, &moved), EPERM);
  gives("no times are set outside", path_filestat_set_times(inside, 0, P("../secret"), 0, 0, 5), EPERM);
  OPEN_DIRECTORY("inside/d");
  gives("a directory that was moved does not lead to its new surroundings",
        (MKDIR("elsewhere"), RENAME("inside/d", "elsewhere/d"),
         path_filestat_get(opened, 0, P("../"), &found)), EPERM);
  RENAME("elsewhere/d", "inside/d");
  fd_close(opened);
  read_file("secret");
  is_text("what is outside is as it was", content, moved, "outside");
}

static void slashes(void) {
  make_file("f", "");
  SYMLINK("inside", "to-directory");
  SYMLINK("f", "to-file");
  works("slashes in a row are one", STAT("inside//d"));
  works("a slash behind a directory is fine", STAT("inside/"));
  gives("a slash behind a file is not", STAT("f/"), ENOTDIR);
  gives("nor behind a link to one", STAT("to-file/"), ENOTDIR);
  works("a slash behind a link to a directory", STAT("to-directory/"));
  is("leads to that directory", found.type, DIRECTORY_TYPE);
  works("without it", STAT("to-directory"));
  is("it is the link", found.type, SYMBOLIC_LINK);
  gives("a file has nothing below it", STAT("f/x"), ENOTDIR);
  gives("not even itself", STAT("f/."), ENOTDIR);
  gives("nor what is around it", STAT("f/.."), ENOTDIR);
  gives("what is missing has nothing below it", STAT("missing/x"), ENOENT);
  gives("an empty path leads nowhere", STAT(""), ENOENT);
  works("a dot leads to the directory", STAT("."));
}

static void names(void) {
  char name[4200];
  memset(name, 'n', sizeof name);
  works("a name may have 255 bytes", path_create_directory(ROOT, name, 255));
  gives("and no more", path_create_directory(ROOT, name, 256), ENAMETOOLONG);
  gives("nor may one on the way", (name[256] = '/', path_filestat_get(ROOT, 0, name, 258, &found)), ENAMETOOLONG);
  for (int at = 0; at < 4200; at += 2) memcpy(name + at, "./", 2);
  works("a path may have 4,096 bytes", path_filestat_get(ROOT, 0, name, 4096, &found));
  gives("and no more, either", path_filestat_get(ROOT, 0, name, 4097, &found), ENAMETOOLONG);
  gives("a NUL ends no path", STAT("f\0"), EINVAL);
  gives("and is in none", path_create_directory(ROOT, P("a\0b")), EINVAL);
  gives("nor far behind", path_create_directory(ROOT, P("sixty bytes of a name before there is one that can't be in it\0")), EINVAL);
  gives("bytes that are no UTF-8 are no name", path_create_directory(ROOT, P("\xff")), EILSEQ);
  gives("half of a character is none", path_create_directory(ROOT, P("\xc3")), EILSEQ);
  gives("a surrogate is none", path_create_directory(ROOT, P("\xed\xa0\x80")), EILSEQ);
  gives("an overlong slash is none", path_create_directory(ROOT, P("a\xc0\xaf" "b")), EILSEQ);
  works("other bytes are a name", path_create_directory(ROOT, P("\xc3\xbc \xf0\x9f\x99\x82 \n\\:*?")));
  works("which is found again", STAT("\xc3\xbc \xf0\x9f\x99\x82 \n\\:*?"));
  gives("another form of the same letter is another name", STAT("u\xcc\x88 \xf0\x9f\x99\x82 \n\\:*?"), ENOENT);
  works("three dots are a name", MKDIR("..."));
  works("the names of JavaScript's prototypes are names like others", MKDIR("__proto__"));
  gives("that are missing until they are made", STAT("constructor"), ENOENT);
}

static void links_on_the_way(void) {
  SYMLINK("inside", "a1");
  SYMLINK("a1", "a2");
  works("links lead through links", STAT("a2/d"));
  SYMLINK("b2", "b1");
  SYMLINK("b1", "b2");
  gives("two that lead to each other lead nowhere", STAT("b1/x"), ELOOP);
  gives("nor when followed at the end", path_filestat_get(ROOT, FOLLOW, P("b1"), &found), ELOOP);
  char name[3] = "c0", target[3] = "c0";
  make_file("c0", "");
  for (int link = 1; link <= 41; link++) {
    name[1] = '0' + link;
    path_symlink(target, 2, ROOT, name, 2);
    target[1] = name[1];
  }
  name[1] = '0' + 40;
  works("40 links are followed", path_filestat_get(ROOT, FOLLOW, name, 2, &found));
  name[1] = '0' + 41;
  gives("41 are too many", path_filestat_get(ROOT, FOLLOW, name, 2, &found), ELOOP);
  SYMLINK("nowhere", "dangling");
  gives("a link to what is missing is missing", path_filestat_get(ROOT, FOLLOW, P("dangling"), &found), ENOENT);
  works("CREAT makes what it leads to",
        path_open(ROOT, FOLLOW, P("dangling"), CREAT, FILE_RIGHTS, 0, 0, &opened));
  fd_close(opened);
  works("there", STAT("nowhere"));
  gives("a link is not opened unless it is followed", OPEN("dangling", 0, FD_READ), ELOOP);
  gives("CREAT with EXCL does not follow one",
        (SYMLINK("new", "to-new"),
         path_open(ROOT, FOLLOW, P("to-new"), CREAT | EXCL, FD_READ, 0, 0, &opened)), EEXIST);
  gives("and so makes nothing", STAT("new"), ENOENT);
}

int main(void) {
  containment();
  slashes();
  names();
  links_on_the_way();
  return finish();
}
