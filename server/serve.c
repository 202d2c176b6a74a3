/* HTTP and WebSocket, by libwebsockets: the built page, and the room. */
#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "site.h"

#define TICK_US 20000 /* more operations than one a tick go out together */
#define STEP_MAX 4096 /* operations a tick: so that a very high rate leaves time for the sockets */

#define CONTENT_SECURITY_POLICY                                                                                        \
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "                       \
  "connect-src 'self' ws: wss:; worker-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "   \
  "form-action 'none'"

_Static_assert(PF_MESSAGE_HEADROOM >= LWS_PRE, "libwebsockets writes its header in front of the text");

/* One connection; of plain HTTP only `path_is_taken` matters. */
struct session {
  struct session *next;
  struct lws *wsi;
  struct pf_member *member; /* NULL: no WebSocket */
  size_t size;              /* of the message being received */
  int is_refused;           /* 1 + the error that its message met */
  char inbox[PF_CLIENT_MESSAGE_MAX];
};

struct server {
  const struct pf_serve *serve;
  struct lws_context *context;
  struct session *sessions; /* those with a member */
  lws_sorted_usec_list_t timer;
  lws_usec_t began; /* 0: not yet */
  uint64_t done;    /* operations */
};

static volatile sig_atomic_t is_stopping;
static struct lws_context *stopped_context; /* for the signal handler, which gets no argument */

static void stop(int number) {
  (void)number;
  is_stopping = 1;
  if (stopped_context)
    lws_cancel_service(stopped_context);
}

static struct server *server_of(struct lws *wsi) { return lws_context_user(lws_get_context(wsi)); }

/* ---------------------------------------------------------------- pace */

static void wake_all(const struct server *server) {
  for (struct session *session = server->sessions; session; session = session->next)
    lws_callback_on_writable(session->wsi);
}

static void tick(lws_sorted_usec_list_t *timer) {
  struct server *server = lws_container_of(timer, struct server, timer);
  double seconds = (double)(lws_now_usecs() - server->began) / 1e6;
  uint64_t due = (uint64_t)(seconds * server->serve->rate) - server->done;
  if (due > STEP_MAX)
    due = STEP_MAX;
  server->done += due;
  int goes_on = due == 0 || pf_room_step(server->serve->room, (uint32_t)due);
  if (due > 0)
    wake_all(server);
  if (!goes_on)
    return;
  double next = (double)(server->done + 1) / server->serve->rate - seconds;
  lws_usec_t pause = (lws_usec_t)(next * 1e6) + 1;
  lws_sul_schedule(server->context, 0, timer, tick, pause < TICK_US ? TICK_US : pause);
}

static void begin(struct server *server) {
  if (server->began)
    return;
  server->began = lws_now_usecs();
  lws_sul_schedule(server->context, 0, &server->timer, tick, 1);
}

/* ---------------------------------------------------------------- WebSocket */

static int header(struct lws *wsi, enum lws_token_indexes token, char *text, int size) {
  int length = lws_hdr_copy(wsi, text, size, token);
  return length > 0 ? length : 0;
}

/* Browsers name the page that asks; other programs name none. A page of this server names the host it asked. */
static int is_allowed(struct lws *wsi, const struct pf_serve *serve) {
  char origin[512] = "", host[512] = "";
  if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0)
    return 1;
  if (!header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin))
    return 0;
  const char *named = strstr(origin, "://");
  if (named && header(wsi, WSI_TOKEN_HOST, host, sizeof host) && strcasecmp(named + 3, host) == 0)
    return 1;
  for (const char *const *allowed = serve->origins; *allowed; allowed++) {
    if (strcasecmp(origin, *allowed) == 0)
      return 1;
  }
  return 0;
}

static int open_session(struct lws *wsi, struct session *session) {
  struct server *server = server_of(wsi);
  memset(session, 0, sizeof *session);
  session->member = pf_room_join(server->serve->room);
  if (!session->member)
    return -1;
  session->wsi = wsi;
  session->next = server->sessions;
  server->sessions = session;
  lws_callback_on_writable(wsi);
  begin(server);
  return 0;
}

static void close_session(struct lws *wsi, struct session *session) {
  struct server *server = server_of(wsi);
  if (!session || !session->member)
    return;
  struct session **link = &server->sessions;
  while (*link != session)
    link = &(*link)->next;
  *link = session->next;
  pf_room_leave(server->serve->room, session->member);
  session->member = NULL;
}

/* Messages come in pieces. What is too long or binary is passed over to its end and then answered. */
static void receive(struct lws *wsi, struct session *session, const char *piece, size_t size) {
  if (lws_is_first_fragment(wsi)) {
    session->size = 0;
    session->is_refused = lws_frame_is_binary(wsi) ? 1 + PF_ROOM_MALFORMED : 0;
  }
  if (!session->is_refused && size > sizeof session->inbox - session->size)
    session->is_refused = 1 + PF_ROOM_OVERSIZED;
  if (!session->is_refused) {
    memcpy(session->inbox + session->size, piece, size);
    session->size += size;
  }
  if (!lws_is_final_fragment(wsi))
    return;
  if (session->is_refused)
    pf_room_refuse(session->member, (enum pf_room_error)(session->is_refused - 1));
  else
    pf_room_receive(session->member, session->inbox, session->size);
  lws_callback_on_writable(wsi);
}

/* One message, then ask again. */
static int send_next(struct lws *wsi, struct session *session) {
  struct pf_message *message = pf_room_next(server_of(wsi)->serve->room, session->member);
  if (!message)
    return 0;
  int written = lws_write(wsi, (unsigned char *)message->text, message->size, LWS_WRITE_TEXT);
  pf_message_release(message);
  if (written < 0)
    return -1;
  lws_callback_on_writable(wsi);
  return 0;
}

/* ---------------------------------------------------------------- HTTP */

static int is_head(struct lws *wsi) { return lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0; }

/* A short text instead of a file. `last`: the connection ends with it, which the client is told. 0, or -1. */
static int respond(struct lws *wsi, unsigned status, const char *text, int last) {
  unsigned char headers[LWS_PRE + 512], *start = headers + LWS_PRE, *at = start, *end = headers + sizeof headers;
  unsigned char body[LWS_PRE + 128];
  size_t size = strlen(text);
  if (size > sizeof body - LWS_PRE ||
      lws_add_http_common_headers(wsi, status, "text/plain; charset=utf-8", size, &at, end))
    return -1;
  if (last && (lws_add_http_header_by_name(wsi, (const unsigned char *)"allow:", (const unsigned char *)"GET, HEAD", 9,
                                           &at, end) ||
               lws_add_http_header_by_token(wsi, WSI_TOKEN_CONNECTION, (const unsigned char *)"close", 5, &at, end)))
    return -1;
  if (lws_finalize_write_http_header(wsi, start, &at, end))
    return -1;
  memcpy(body + LWS_PRE, text, size);
  return is_head(wsi) || lws_write(wsi, body + LWS_PRE, size, LWS_WRITE_HTTP_FINAL) >= 0 ? 0 : -1;
}

static int not_found(struct lws *wsi, const char *text) {
  if (respond(wsi, HTTP_STATUS_NOT_FOUND, text, 0) < 0)
    return -1;
  return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int accepts_gzip(struct lws *wsi) {
  char encodings[256];
  return header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, encodings, sizeof encodings) && strstr(encodings, "gzip");
}

static int add_headers(struct lws *wsi, const struct pf_site_file *file, unsigned char **at, unsigned char *end) {
  const struct {
    const char *name, *value;
  } headers[] = {
      {"content-security-policy:", CONTENT_SECURITY_POLICY},
      {"x-content-type-options:", "nosniff"},
      {"referrer-policy:", "no-referrer"},
      {"vary:", "accept-encoding"},
      {"cache-control:", file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"content-encoding:", file->is_gzip ? "gzip" : NULL},
  };
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
    if (headers[i].value &&
        lws_add_http_header_by_name(wsi, (const unsigned char *)headers[i].name,
                                    (const unsigned char *)headers[i].value, (int)strlen(headers[i].value), at, end))
      return -1;
  }
  return 0;
}

static int serve_file(struct lws *wsi, const char *path) {
  const struct pf_serve *serve = server_of(wsi)->serve;
  struct pf_site_file file;
  unsigned char headers[LWS_PRE + 2048], *at = headers + LWS_PRE;
  char *uri;
  int uri_size;
  int method = lws_http_get_uri_and_method(wsi, &uri, &uri_size);
  if (method != LWSHUMETH_GET && method != LWSHUMETH_HEAD) {
    respond(wsi, HTTP_STATUS_METHOD_NOT_ALLOWED, "Here are only files to read.\n", 1);
    return -1; /* a body may follow: nothing more is read from here */
  }
  if (!serve->web)
    return not_found(wsi, "The page is not built here. The stream is at /live.\n");
  if (!pf_site_find(serve->web, path, accepts_gzip(wsi), &file))
    return not_found(wsi, "There is no such file.\n");
  if (add_headers(wsi, &file, &at, headers + sizeof headers) < 0)
    return -1;
  int sent =
      lws_serve_http_file(wsi, file.path, file.type, (const char *)headers + LWS_PRE, (int)(at - headers) - LWS_PRE);
  return sent < 0 || (sent > 0 && lws_http_transaction_completed(wsi)) ? -1 : 0;
}

/* ---------------------------------------------------------------- libwebsockets */

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size) {
  struct session *session = user;
  switch (reason) {
  case LWS_CALLBACK_HTTP:
    return serve_file(wsi, in);
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    if (is_allowed(wsi, server_of(wsi)->serve))
      return 0;
    return respond(wsi, HTTP_STATUS_FORBIDDEN, "This origin is not allowed here.\n", 0) < 0 ? -1 : 1;
  case LWS_CALLBACK_ESTABLISHED:
    return open_session(wsi, session);
  case LWS_CALLBACK_CLOSED:
    close_session(wsi, session);
    return 0;
  case LWS_CALLBACK_RECEIVE:
    receive(wsi, session, in, size);
    return 0;
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return send_next(wsi, session);
  default:
    return lws_callback_http_dummy(wsi, reason, user, in, size);
  }
}

static const struct lws_protocols protocols[] = {
    {"pageframe", on_event, sizeof(struct session), PF_CLIENT_MESSAGE_MAX, 0, NULL, 1 << 20},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* Tries the port, for the library would only try again and again. Fills the address in digits and the port. */
static int try_port(const struct pf_serve *serve, char address[INET6_ADDRSTRLEN], int *port, struct pf_error *error) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
  struct addrinfo *found;
  char service[16];
  snprintf(service, sizeof service, "%d", serve->port);
  int status = getaddrinfo(serve->host, service, &hints, &found);
  if (status != 0)
    return pf_fail(error, "cannot listen on %s: %s", serve->host, gai_strerror(status));
  int on = 1, number = 0;
  int fd = socket(found->ai_family, SOCK_STREAM, 0);
  struct sockaddr_storage bound;
  socklen_t size = sizeof bound;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
      bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, 1) < 0 ||
      getsockname(fd, (struct sockaddr *)&bound, &size) < 0)
    number = errno;
  if (fd >= 0)
    close(fd);
  freeaddrinfo(found);
  if (number == EADDRINUSE)
    return pf_fail(error, "port %d is taken: stop what listens there, or choose another with --port", serve->port);
  if (number)
    return pf_fail(error, "cannot listen on %s, port %d: %s", serve->host, serve->port, strerror(number));
  getnameinfo((struct sockaddr *)&bound, size, address, INET6_ADDRSTRLEN, service, sizeof service,
              NI_NUMERICHOST | NI_NUMERICSERV);
  *port = (int)strtol(service, NULL, 10);
  return 0;
}

static void log_error(int level, const char *line) {
  (void)level;
  fprintf(stderr, "pageframe: %s", line);
}

static int run(struct server *server, int port, const char *address) {
  struct sigaction action = {.sa_handler = stop};
  stopped_context = server->context;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  int is_v6 = strchr(address, ':') != NULL;
  printf("Pageframe is at http://%s%s%s:%d/ and streams at ws://%s%s%s:%d/live\n", is_v6 ? "[" : "", address,
         is_v6 ? "]" : "", port, is_v6 ? "[" : "", address, is_v6 ? "]" : "", port);
  fflush(stdout);
  if (!server->serve->waits)
    begin(server);
  int status = 0;
  while (status >= 0 && !is_stopping)
    status = lws_service(server->context, 0);
  lws_sul_cancel(&server->timer);
  return status;
}

int pf_serve(const struct pf_serve *serve, struct pf_error *error) {
  struct server server = {.serve = serve};
  char address[INET6_ADDRSTRLEN] = "";
  int port = serve->port;
  signal(SIGPIPE, SIG_IGN);
  if (try_port(serve, address, &port, error) < 0)
    return -1;
  lws_set_log_level(LLL_ERR, log_error);
  /* A library that knows IPv6 takes an IPv4 address for no interface that it has, and listens on all of them. */
  const uint64_t family = strchr(address, ':') ? 0 : LWS_SERVER_OPTION_DISABLE_IPV6;
  const struct lws_context_creation_info info = {
      .port = port,
      .iface = address,
      .protocols = protocols,
      .options = family | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER,
      .user = &server,
      .gid = -1,
      .uid = -1,
      .pt_serv_buf_size = 1 << 16,
      .timeout_secs = 20,
      .ka_time = 60,
      .ka_probes = 3,
      .ka_interval = 10,
      .fd_limit_per_thread = 8192,
      .server_string = "pageframe",
  };
  server.context = lws_create_context(&info);
  if (!server.context)
    return pf_fail(error, "cannot listen on %s, port %d", serve->host, port);
  lws_set_log_level(0, NULL); /* from here on only clients give cause */
  run(&server, port, address);
  stopped_context = NULL;
  lws_context_destroy(server.context);
  return 0;
}
