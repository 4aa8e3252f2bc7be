#include "compiler/backends/sockets/sockets.h"

static const struct hookdef rows[ABPB_N_HOOKS] = {
    [ABPB_SOCK_CREATE] = {"sock_create", "cgroup/sock_create", {K_SOCK, K_SOCK}, false, false},
    [ABPB_BIND4] = {"bind4", "cgroup/bind4", {K_BIND, K_BIND}, false, false},
    [ABPB_BIND6] = {"bind6", "cgroup/bind6", {K_BIND, K_BIND}, true, false},
    [ABPB_CONNECT4] = {"connect4", "cgroup/connect4", {K_CONN, K_CONN}, false, false},
    [ABPB_CONNECT6] = {"connect6", "cgroup/connect6", {K_CONN, K_CONN}, true, false},
    [ABPB_SENDMSG4] = {"sendmsg4", "cgroup/sendmsg4", {K_CONN, K_CONN}, false, false},
    [ABPB_SENDMSG6] = {"sendmsg6", "cgroup/sendmsg6", {K_CONN, K_CONN}, true, false},
    [ABPB_EGRESS] = {"egress", "cgroup_skb/egress", {K_CONN, K_PEER}, false, true},
    [ABPB_INGRESS] = {"ingress", "cgroup_skb/ingress", {K_CONN, K_PEER}, false, true},
};

const struct hookdef *hook_def(enum abpb_hook h)
{
	return &rows[h];
}
