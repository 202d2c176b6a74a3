/* commands.h - the commands of the program. Each takes its own arguments (argv[0] is the command) and returns the exit
 * code. */
#ifndef PF_COMMANDS_H
#define PF_COMMANDS_H

#define PF_EXIT_GOOD 0
#define PF_EXIT_DIFFERS 1
#define PF_EXIT_BAD 2 /* bad input or wrong use */

int pf_cmd_run(int argc, char **argv);
int pf_cmd_verify(int argc, char **argv);
int pf_cmd_map(int argc, char **argv);
int pf_cmd_digest(int argc, char **argv);
int pf_cmd_state(int argc, char **argv);
int pf_cmd_serve(int argc, char **argv);

/* One line on stderr, and PF_EXIT_BAD. */
int pf_complain(const char *text);
/* The code, or PF_EXIT_BAD with a line on stderr where not all of the output could be written. */
int pf_written(int code);
/* The same as pf_complain for wrong use of a command: names what to do instead. */
int pf_misuse(const char *usage);

#endif
