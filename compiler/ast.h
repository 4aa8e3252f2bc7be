/*
 * ast.h - what the author wrote, in order, with places; no meaning yet.
 *
 * grammar/abp.y calls the constructors (one call an action); compiler/resolve reads the tree.  Strings are
 * unescaped, everything else is the lexeme's own bytes.  Lists keep the author's order.
 */
#ifndef ABP_AST_H
#define ABP_AST_H

#include "compiler/base/diag.h"

/* Token kinds that carry text; named as in language.md section 9. */
enum lex {
	LEX_WORD, /* NAME or a keyword used as a word */
	LEX_STRING,
	LEX_NUM,
	LEX_SIZE,
	LEX_TIME,
	LEX_PERCENT,
	LEX_PORTRANGE,
	LEX_VERSION,
	LEX_RANGE,
	LEX_IDPAIR,
	LEX_ADDR,
	LEX_PATH,
	LEX_GROUP,
	LEX_HOSTPORT,
	LEX_DIGEST,
	LEX_SOCKSPEC,
	LEX_ENVKEY, /* without the '=' */
	LEX_BARE,   /* the rest of `set KEY=value` */
	LEX_SYMBOL, /* inside ( ): ARG or constant */
	LEX_INT	    /* inside ( ): 0x.., 0.., digits; never signed */
};

struct lexeme {
	enum lex kind;
	const char *text; /* NUL-terminated, arena */
	uint32_t len;
	struct span at;
};
typedef VEC(struct lexeme) lexeme_list;

/* ---- conditions ------------------------------------------------------- */

struct item { /* SYMBOL | ["-"] INT */
	struct lexeme lex;
	bool minus;
};
typedef VEC(struct item) bits; /* A|B|C: the items joined by or */

struct member { /* of a set: bits, or item "-" item */
	bits lo;
	bits hi; /* n == 0: not a range; else exactly one item */
};
typedef VEC(struct member) member_list;

enum cond_kind {
	COND_AND,
	COND_OR,
	COND_CMP,    /* arg REL value */
	COND_MASK,   /* arg & mask ==|!= value */
	COND_MASKIN, /* arg & mask in {set} */
	COND_IN,     /* arg in {set} | lo-hi */
	COND_FLAGS   /* arg in flags(value) */
};
enum rel { REL_EQ, REL_NE, REL_LT, REL_LE, REL_GT, REL_GE };

struct cond {
	enum cond_kind kind;
	struct span at;
	struct cond *l, *r; /* AND, OR */
	struct lexeme arg;
	enum rel rel;
	bits mask, value;
	member_list set;
};

struct call { /* GROUP | word [ "(" cond ")" ] */
	struct lexeme name;
	struct cond *cond; /* NULL: any arguments */
};
typedef VEC(struct call) call_list;

/* ---- lines ------------------------------------------------------------ */

enum line_kind {
	LINE_SETTING, /* key: verb; values: items */
	LINE_CALLS,   /* allow CALL... | pattern syscall CALL...: calls */
	LINE_CAPS,    /* allow CAP... | pattern cap CAP...: items */
	LINE_NET,     /* verb connect|listen|bind, proto, items = ends, as, from, local */
	LINE_SOCK,    /* socket SPEC...: items */
	LINE_UNIX,    /* verb connect|listen|pair; items */
	LINE_HOST,    /* connect host HOSTPORT... [via proxy]: items */
	LINE_PROXY,   /* proxy ADDR [local]: items[0] */
	LINE_PATH,    /* verb read|write|load|exec; paths, except, submounts, slot */
	LINE_SCRATCH, /* scratch PATH size SIZE [inodes NUM] [exec]: paths[0], size, inodes, exec */
	LINE_DEVICE,  /* device NAME...: items */
	LINE_SYMLINK, /* symlink LINK TARGET: items[0], items[1] */
	LINE_PASS,    /* pass NAME... | pattern env NAME...: items */
	LINE_SET,     /* set KEY=value: items[0] key, items[1] value */
	LINE_SECRET,  /* secret NAME from fd N: items[0], items[1] */
	LINE_FD,      /* pattern fd N: items[0] */
	LINE_LIMIT    /* pattern limit RESOURCE VALUE: items[0], items[1] */
};

struct pitem { /* PATH [DIGEST] | STRING */
	struct lexeme path;
	struct lexeme digest; /* text NULL: none */
};
typedef VEC(struct pitem) pitem_list;

struct tail {		       /* [on ARCH] [unsafe] [because "..."] */
	struct lexeme on;      /* text NULL: none */
	struct span unsafe_at; /* src NULL: none */
	struct lexeme because; /* text NULL: none */
};

struct line {
	enum line_kind kind;
	struct span at; /* the whole line without its tail */
	struct lexeme verb;
	struct lexeme proto; /* tcp | udp; text NULL: both */
	lexeme_list items;
	lexeme_list from;
	lexeme_list except;
	call_list calls;
	pitem_list paths;
	struct lexeme as, size, inodes; /* text NULL: none */
	bool via_proxy, local, submounts, slot, exec;
	struct tail tail;
	bool deny; /* in a test block: deny, else allow */
};
typedef VEC(struct line *) line_list;

enum stmt_kind {
	STMT_TITLE,
	STMT_OWNER,
	STMT_IMPORT,
	STMT_WITHIN,
	STMT_RUN,
	STMT_LIMITS,
	STMT_SYSCALLS,
	STMT_CAPS,
	STMT_PORTS,
	STMT_PATHS,
	STMT_ENV,
	STMT_NEVER,
	STMT_TEST
};

struct stmt {
	enum stmt_kind kind;
	struct span at;	     /* the keyword */
	struct lexeme name;  /* title, owner, test: STRING; import, within: NAME */
	struct lexeme range; /* import, within */
	struct tail tail;    /* import: unsafe, because */
	line_list lines;
};
typedef VEC(struct stmt *) stmt_list;

enum unit_kind { UNIT_POLICY, UNIT_MODULE, UNIT_CEILING };

struct unit {
	const struct source *src;
	enum unit_kind kind;
	struct lexeme name, version;
	stmt_list stmts;
};

#endif
