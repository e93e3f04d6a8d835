// libedit's entry points as Swift can call them. `el_set`, `el_get` and `history` are
// variadic, which Swift does not import, so each use has one small inline function here.
// It also hands over the standard streams, whose globals strict concurrency refuses.

#ifndef DESCENT_CLIBEDIT_SHIM_H
#define DESCENT_CLIBEDIT_SHIM_H

#include <histedit.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <wchar.h>

typedef char *(*descent_prompt_function)(EditLine *);
typedef unsigned char (*descent_key_function)(EditLine *, int);

/// An editor on standard input and output; program is the name `~/.editrc` lines may begin with.
static inline EditLine *descent_editor_create(const char *program) {
  return el_init(program, stdin, stdout, stderr);
}

static inline int descent_editor_set_client(EditLine *editor, void *client) {
  return el_set(editor, EL_CLIENTDATA, client);
}

static inline void *descent_editor_client(EditLine *editor) {
  void *client = NULL;
  if (el_get(editor, EL_CLIENTDATA, &client) != 0) { return NULL; }
  return client;
}

static inline int descent_editor_set_prompt(EditLine *editor, descent_prompt_function prompt) {
  return el_set(editor, EL_PROMPT, prompt);
}

static inline int descent_editor_set_reader(EditLine *editor, el_rfunc_t reader) {
  return el_set(editor, EL_GETCFN, reader);
}

static inline int descent_editor_set_mode(EditLine *editor, const char *mode) {
  return el_set(editor, EL_EDITOR, mode);
}

/// 1 when the person's `~/.editrc` chose vi's keys, else 0.
static inline int descent_editor_is_vi(EditLine *editor) {
  const char *mode = NULL;
  if (el_get(editor, EL_EDITOR, &mode) != 0 || mode == NULL) { return 0; }
  return mode[0] == 'v';
}

static inline int descent_editor_set_signal(EditLine *editor, int handled) {
  return el_set(editor, EL_SIGNAL, handled);
}

static inline int descent_editor_set_history(EditLine *editor, History *past) {
  return el_set(editor, EL_HIST, history, past);
}

static inline int descent_editor_add_function(
    EditLine *editor, const char *name, const char *help, descent_key_function function) {
  return el_set(editor, EL_ADDFN, name, help, function);
}

static inline int descent_editor_bind(EditLine *editor, const char *key, const char *command) {
  return el_set(editor, EL_BIND, key, command, NULL);
}

/// The same in vi's command map.
static inline int descent_editor_bind_command(
    EditLine *editor, const char *key, const char *command) {
  return el_set(editor, EL_BIND, "-a", key, command, NULL);
}

/// Raw mode (1) or the person's own (0).
static inline int descent_editor_prepare_terminal(EditLine *editor, int raw) {
  return el_set(editor, EL_PREP_TERM, raw);
}

/// Makes the library do without a terminal's capability, named as in termcap.
static inline int descent_editor_forgo(EditLine *editor, const char *capability) {
  return el_set(editor, EL_SETTC, capability, "", NULL);
}

/// Changes how many rows the library believes the window has; its pictures start empty.
static inline int descent_editor_set_rows(EditLine *editor, const char *rows) {
  return el_set(editor, EL_SETTC, "li", rows, NULL);
}

/// Draws the prompt and the line afresh from where the cursor stands.
static inline int descent_editor_refresh(EditLine *editor) {
  return el_set(editor, EL_REFRESH);
}

static inline int descent_history_set_size(History *past, int size) {
  HistEvent event;
  return history(past, &event, H_SETSIZE, size);
}

static inline int descent_history_enter(History *past, const char *text) {
  HistEvent event;
  return history(past, &event, H_ENTER, text);
}

/// The newest entry; NULL when there is none.
static inline const char *descent_history_newest(History *past, int *number) {
  HistEvent event;
  if (history(past, &event, H_FIRST) < 0) { return NULL; }
  *number = event.num;
  return event.str;
}

/// The entry before the one last asked for; NULL at the oldest.
static inline const char *descent_history_older(History *past, int *number) {
  HistEvent event;
  if (history(past, &event, H_NEXT) < 0) { return NULL; }
  *number = event.num;
  return event.str;
}

static inline int descent_history_delete(History *past, int number) {
  HistEvent event;
  return history(past, &event, H_DEL, number);
}

// glibc declares it only when asked for X/Open's names.
extern int wcwidth(wchar_t character);

/// Terminal cells of one Unicode scalar under the current locale; -1 when it is not printable.
static inline int descent_cells(unsigned int scalar) {
  return wcwidth((wchar_t)scalar);
}

/// Columns of the terminal at descriptor, or 0 when it has none to tell.
static inline int descent_terminal_columns(int descriptor) {
  struct winsize size = {0};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) { return 0; }
  return size.ws_col;
}

static inline int descent_terminal_rows(int descriptor) {
  struct winsize size = {0};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) { return 0; }
  return size.ws_row;
}

#endif
