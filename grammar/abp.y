/*
 * abp.y - the language of language.md section 9, in its order.  An action is one constructor call.
 *
 * The lexer supplies the separator before "}", so every list is "nothing, list SEP, list item SEP, list error
 * SEP": no conflicts, and after an error the next statement is read.
 */
%code requires {
#include "grammar/parse.h"
#include "grammar/parser.h"

#define YYLLOC_DEFAULT(cur, rhs, n) \
	((cur) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n)) \
		     : (struct span){YYRHSLOC(rhs, 0).src, YYRHSLOC(rhs, 0).off + YYRHSLOC(rhs, 0).len, 0})
#define LINE(where, ...) ast_line(p->a, (struct line){.at = (where), __VA_ARGS__})
#define STMT(where, ...) ast_stmt(p->a, (struct stmt){.at = (where), __VA_ARGS__})
#define TEST(where, ...) ast_cond(p->a, (struct cond){.at = (where), __VA_ARGS__})
#define NONE (struct lexeme){0}
#define ONE(lexeme) ast_lexemes(p->a, (lexeme_list){0}, lexeme)
#define MORE(list, lexeme) ast_lexemes(p->a, list, lexeme)
#define PAIR(x, y) ast_pair(p->a, x, y)
#define BITS(item) ast_bits(p->a, (bits){0}, item)
#define ADD(lines, line) ast_lines(p->a, lines, line)
}
%define api.pure full
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%param {struct parser *p}
%expect 0

%union {
	struct lexeme lex;
	lexeme_list lexemes;
	struct stmt *stmt;
	struct line *line;
	line_list lines;
	struct tail tail;
	struct span span;
	bool flag;
	struct call call;
	call_list calls;
	struct cond *cond;
	cond_list conds;
	struct item item;
	bits bits;
	struct member member;
	member_list members;
	enum rel rel;
	enum unit_kind kind;
	struct pitem pitem;
	pitem_list pitems;
}

%code {
int yylex(YYSTYPE *lval, YYLTYPE *at, struct parser *p);
static void yyerror(const YYLTYPE *at, struct parser *p, const char *msg);
}

%token YYEOF 0 "the end of the file" SEP "the end of the line" BADWORD "a word that fits nothing"
%token <lex> NAME "a name" STRING "a string" NUM "a number" SIZE "a size like 256M" TIME "a time like 30s"
%token <lex> PERCENT "a percentage like 150%" PORTRANGE "a port range like 8000-8099"
%token <lex> VERSION "a version like 1.2.3" RANGE "a range like ~1.2" IDPAIR "a pair of ids like 1000:1000"
%token <lex> ADDR "an address like 192.0.2.1:443" PATH "a path" GROUP "a group like @file"
%token <lex> HOSTPORT "a name and port like example.org:443" DIGEST "a digest like sha256:..."
%token <lex> SOCKSPEC "a socket like inet/stream" ENVKEY "a variable like NAME=" BARE "a value"
%token <lex> SYMBOL "a constant" INT "an integer"
%token LBRACE "{" RBRACE "}" LPAREN "(" RPAREN ")"
%token <lex> EQ "==" NE "!=" LT "<" LE "<=" GT ">" GE ">=" AMP "&" PIPE "|" DASH "-" COMMA ","
%token SET_OPEN "{ of a set" SET_CLOSE "} of a set"
%token <lex> KW_ABP "abp" KW_POLICY "policy" KW_MODULE "module" KW_CEILING "ceiling"
%token <lex> KW_TITLE "title" KW_OWNER "owner" KW_IMPORT "import" KW_WITHIN "within" KW_RUN "run" KW_LIMITS "limits"
%token <lex> KW_SYSCALLS "syscalls" KW_CAPS "caps" KW_PORTS "ports" KW_PATHS "paths" KW_ENV "env" KW_NEVER "never"
%token <lex> KW_TEST "test" KW_ALLOW "allow" KW_DENY "deny" KW_CONNECT "connect" KW_LISTEN "listen" KW_BIND "bind"
%token <lex> KW_TCP "tcp" KW_UDP "udp" KW_ANY "any" KW_AS "as" KW_LOCAL "local" KW_SOCKET "socket" KW_UNIX "unix"
%token <lex> KW_PAIR "pair" KW_HOST "host" KW_PROXY "proxy" KW_READ "read" KW_WRITE "write" KW_LOAD "load"
%token <lex> KW_EXEC "exec" KW_SUBMOUNTS "submounts" KW_SCRATCH "scratch" KW_SIZE "size" KW_INODES "inodes"
%token <lex> KW_DEVICE "device" KW_SYMLINK "symlink" KW_PASS "pass" KW_SET "set" KW_SECRET "secret" KW_FD "fd"
%token <lex> KW_SYSCALL "syscall" KW_CAP "cap" KW_LIMIT "limit"
%token <lex> KW_BECAUSE "because" KW_UNSAFE "unsafe" KW_ON "on" KW_FROM "from" KW_VIA "via" KW_SLOT "slot"
%token <lex> KW_EXCEPT "except" KW_AND "and" KW_OR "or" KW_NOT "not" KW_IN "in" KW_FLAGS "flags"

%type <lex> word unit_name value pathname end spec name_or_any bare because as arg netverb unixverb pathverb proto
%type <lex> inodes digest on verdict
%type <lexemes> words values ends specs names hostports from addrs except pathnames
%type <kind> kind
%type <stmt> stmt
%type <line> setting assignment allow_calls granted_calls allow_caps granted_caps port proxy path pathgrant scratch
%type <line> device symlink envline pass set_env secret denial assertion net sock unix hosts pattern files
%type <lines> settings calls_block caps_block ports_block paths_block env_block never_block test_block
%type <tail> tail import_tail
%type <span> unsafe
%type <flag> local submounts slot exec
%type <call> call
%type <calls> calls
%type <cond> cond conj atom
%type <conds> conjs atoms
%type <item> item
%type <bits> bits mask
%type <member> member range
%type <members> set members span
%type <rel> rel eq
%type <pitem> pitem
%type <pitems> pitems scratchdir

%%

file:		seps version unit seps ;
seps:		%empty | seps SEP ;
version:	%empty				{ syntax_no_version(p, yylloc); }
	|	language seps ;
language:	"abp" NUM SEP			{ syntax_version(p, $2); }
	|	"abp" error SEP			{ yyerrok; } ;
unit:		head stmts "}" ;
head:		kind unit_name VERSION "{"
		{ p->unit = ast_unit(p->a, (struct unit){p->src, $1, $2, $3, {0}}); }
	|	kind error "{"
		{ p->unit = ast_unit(p->a, (struct unit){.src = p->src, .kind = $1}); yyerrok; } ;
kind:		"policy"			{ $$ = UNIT_POLICY; }
	|	"module"			{ $$ = UNIT_MODULE; }
	|	"ceiling"			{ $$ = UNIT_CEILING; } ;

stmts:		%empty | stmts SEP | stmts error SEP { yyerrok; }
	|	stmts stmt SEP			{ ast_add(p->a, p->unit, $2); } ;
stmt:		"title" STRING			{ $$ = STMT(@1, .kind = STMT_TITLE, .name = $2); }
	|	"owner" STRING			{ $$ = STMT(@1, .kind = STMT_OWNER, .name = $2); }
	|	"import" unit_name RANGE import_tail
		{ $$ = STMT(@1, .kind = STMT_IMPORT, .name = $2, .range = $3, .tail = $4); }
	|	"within" unit_name RANGE	{ $$ = STMT(@1, .kind = STMT_WITHIN, .name = $2, .range = $3); }
	|	"run" "{" settings "}"		{ $$ = STMT(@1, .kind = STMT_RUN, .lines = $3); }
	|	"limits" "{" settings "}"	{ $$ = STMT(@1, .kind = STMT_LIMITS, .lines = $3); }
	|	"syscalls" "{" calls_block "}"	{ $$ = STMT(@1, .kind = STMT_SYSCALLS, .lines = $3); }
	|	"caps" "{" caps_block "}"	{ $$ = STMT(@1, .kind = STMT_CAPS, .lines = $3); }
	|	"ports" "{" ports_block "}"	{ $$ = STMT(@1, .kind = STMT_PORTS, .lines = $3); }
	|	"paths" "{" paths_block "}"	{ $$ = STMT(@1, .kind = STMT_PATHS, .lines = $3); }
	|	"env" "{" env_block "}"		{ $$ = STMT(@1, .kind = STMT_ENV, .lines = $3); }
	|	"never" "{" never_block "}"	{ $$ = STMT(@1, .kind = STMT_NEVER, .lines = $3); }
	|	"test" STRING "{" test_block "}" { $$ = STMT(@1, .kind = STMT_TEST, .name = $2, .lines = $4); } ;
unit_name:	word				{ $$ = syntax_name(p, $1); } ;
import_tail:	unsafe because			{ $$ = (struct tail){.unsafe_at = $1, .because = $2}; } ;

settings:	%empty { $$ = (line_list){0}; } | settings SEP | settings error SEP { $$ = $1; yyerrok; }
	|	settings setting SEP		{ $$ = ADD($1, $2); } ;
calls_block:	%empty { $$ = (line_list){0}; } | calls_block SEP | calls_block error SEP { $$ = $1; yyerrok; }
	|	calls_block allow_calls SEP	{ $$ = ADD($1, $2); } ;
caps_block:	%empty { $$ = (line_list){0}; } | caps_block SEP | caps_block error SEP { $$ = $1; yyerrok; }
	|	caps_block allow_caps SEP	{ $$ = ADD($1, $2); } ;
ports_block:	%empty { $$ = (line_list){0}; } | ports_block SEP | ports_block error SEP { $$ = $1; yyerrok; }
	|	ports_block port SEP		{ $$ = ADD($1, $2); } ;
paths_block:	%empty { $$ = (line_list){0}; } | paths_block SEP | paths_block error SEP { $$ = $1; yyerrok; }
	|	paths_block path SEP		{ $$ = ADD($1, $2); } ;
env_block:	%empty { $$ = (line_list){0}; } | env_block SEP | env_block error SEP { $$ = $1; yyerrok; }
	|	env_block envline SEP		{ $$ = ADD($1, $2); } ;
never_block:	%empty { $$ = (line_list){0}; } | never_block SEP | never_block error SEP { $$ = $1; yyerrok; }
	|	never_block denial SEP		{ $$ = ADD($1, $2); } ;
test_block:	%empty { $$ = (line_list){0}; } | test_block SEP | test_block error SEP { $$ = $1; yyerrok; }
	|	test_block assertion SEP	{ $$ = ADD($1, $2); } ;

setting:	assignment because		{ $$ = ast_because($1, $2); } ;
assignment:	word values			{ $$ = LINE(@$, .kind = LINE_SETTING, .verb = $1, .items = $2); } ;
values:		value				{ $$ = ONE($1); }
	|	values value			{ $$ = MORE($1, $2); } ;
value:		word | NUM | SIZE | TIME | PERCENT | IDPAIR | PATH | STRING | ADDR | DIGEST ;

allow_calls:	granted_calls tail		{ $$ = ast_tail($1, $2); } ;
granted_calls:	"allow" calls			{ $$ = LINE(@$, .kind = LINE_CALLS, .verb = $1, .calls = $2); } ;
allow_caps:	granted_caps tail		{ $$ = ast_tail($1, $2); } ;
granted_caps:	"allow" words			{ $$ = LINE(@$, .kind = LINE_CAPS, .verb = $1, .items = $2); } ;
calls:		call				{ $$ = ast_calls(p->a, (call_list){0}, $1); }
	|	calls call			{ $$ = ast_calls(p->a, $1, $2); } ;
call:		GROUP				{ $$ = (struct call){$1, NULL}; }
	|	word				{ $$ = (struct call){$1, NULL}; }
	|	word "(" cond ")"		{ $$ = (struct call){$1, $3}; } ;

cond:		conjs				{ $$ = ast_join(p->a, COND_OR, $1); } ;
conjs:		conj				{ $$ = ast_conds(p->a, (cond_list){0}, $1); }
	|	conjs "or" conj			{ $$ = ast_conds(p->a, $1, $3); } ;
conj:		atoms				{ $$ = ast_join(p->a, COND_AND, $1); } ;
atoms:		atom				{ $$ = ast_conds(p->a, (cond_list){0}, $1); }
	|	atoms "and" atom		{ $$ = ast_conds(p->a, $1, $3); } ;
atom:		"(" cond ")"			{ $$ = $2; }
	|	arg rel bits			{ $$ = TEST(@$, .kind = COND_CMP, .arg = $1, .rel = $2, .value = $3); }
	|	arg "&" mask eq bits
		{ $$ = TEST(@$, .kind = COND_MASK, .arg = $1, .mask = $3, .rel = $4, .value = $5); }
	|	arg "&" mask "in" set		{ $$ = TEST(@$, .kind = COND_MASKIN, .arg = $1, .mask = $3, .set = $5); }
	|	arg "in" set			{ $$ = TEST(@$, .kind = COND_IN, .arg = $1, .set = $3); }
	|	arg "in" span			{ $$ = TEST(@$, .kind = COND_IN, .arg = $1, .set = $3); }
	|	arg "in" "flags" "(" bits ")"	{ $$ = TEST(@$, .kind = COND_FLAGS, .arg = $1, .value = $5); } ;
arg:		SYMBOL | "flags" ;
rel:		eq
	|	"<"				{ $$ = REL_LT; }
	|	"<="				{ $$ = REL_LE; }
	|	">"				{ $$ = REL_GT; }
	|	">="				{ $$ = REL_GE; } ;
eq:		"=="				{ $$ = REL_EQ; }
	|	"!="				{ $$ = REL_NE; } ;
mask:		bits | "(" bits ")"		{ $$ = $2; } ;
bits:		item				{ $$ = BITS($1); }
	|	bits "|" item			{ $$ = ast_bits(p->a, $1, $3); } ;
item:		SYMBOL				{ $$ = (struct item){$1, false}; }
	|	INT				{ $$ = (struct item){$1, false}; }
	|	"-" INT				{ $$ = (struct item){$2, true}; } ;
set:		SET_OPEN members SET_CLOSE	{ $$ = $2; } ;
members:	member				{ $$ = ast_members(p->a, (member_list){0}, $1); }
	|	members "," member		{ $$ = ast_members(p->a, $1, $3); } ;
member:		bits				{ $$ = (struct member){$1, {0}}; }
	|	range ;
range:		item "-" item			{ $$ = (struct member){BITS($1), BITS($3)}; } ;
span:		range				{ $$ = ast_members(p->a, (member_list){0}, $1); } ;

port:		net tail			{ $$ = ast_tail($1, $2); }
	|	sock tail			{ $$ = ast_tail($1, $2); }
	|	unix tail			{ $$ = ast_tail($1, $2); }
	|	hosts "via" "proxy" tail	{ $$ = ast_tail(ast_via($1, @3), $4); }
	|	proxy tail			{ $$ = ast_tail($1, $2); } ;
proxy:		"proxy" ADDR local		{ $$ = LINE(@$, .kind = LINE_PROXY, .verb = $1, .items = ONE($2), .local = $3); } ;
net:		netverb proto ends as from local
		{ $$ = LINE(@$, .kind = LINE_NET, .verb = $1, .proto = $2, .items = $3, .as = $4, .from = $5, .local = $6); } ;
netverb:	"connect" | "listen" | "bind" ;
proto:		%empty { $$ = NONE; } | "tcp" | "udp" ;
ends:		end				{ $$ = ONE($1); }
	|	ends end			{ $$ = MORE($1, $2); } ;
end:		ADDR | NUM | PORTRANGE | "any" ;
as:		%empty { $$ = NONE; } | "as" word { $$ = $2; } ;
from:		%empty { $$ = (lexeme_list){0}; }
	|	"from" addrs			{ $$ = $2; } ;
addrs:		ADDR				{ $$ = ONE($1); }
	|	addrs ADDR			{ $$ = MORE($1, $2); } ;
local:		%empty { $$ = false; } | "local" { $$ = true; } ;
sock:		"socket" specs			{ $$ = LINE(@$, .kind = LINE_SOCK, .verb = $1, .items = $2); } ;
specs:		spec				{ $$ = ONE($1); }
	|	specs spec			{ $$ = MORE($1, $2); } ;
spec:		SOCKSPEC | word ;
unix:		"unix" unixverb names		{ $$ = LINE(@$, .kind = LINE_UNIX, .verb = $2, .items = $3); }
	|	"unix" "pair"			{ $$ = LINE(@$, .kind = LINE_UNIX, .verb = $2); } ;
unixverb:	"connect" | "listen" ;
names:		name_or_any			{ $$ = ONE($1); }
	|	names pathname			{ $$ = MORE($1, $2); } ;
name_or_any:	pathname | "any" ;
pathname:	PATH | STRING ;
hosts:		"connect" "host" hostports	{ $$ = LINE(@$, .kind = LINE_HOST, .verb = $1, .items = $3); } ;
hostports:	HOSTPORT			{ $$ = ONE($1); }
	|	hostports HOSTPORT		{ $$ = MORE($1, $2); } ;

path:		pathgrant tail			{ $$ = ast_tail($1, $2); }
	|	scratch tail			{ $$ = ast_tail($1, $2); }
	|	device tail			{ $$ = ast_tail($1, $2); }
	|	symlink tail			{ $$ = ast_tail($1, $2); } ;
pathgrant:	pathverb pitems except submounts slot
		{ $$ = LINE(@$, .kind = LINE_PATH, .verb = $1, .paths = $2, .except = $3, .submounts = $4, .slot = $5); } ;
scratch:	"scratch" scratchdir "size" SIZE inodes exec
		{ $$ = LINE(@$, .kind = LINE_SCRATCH, .verb = $1, .paths = $2, .size = $4, .inodes = $5, .exec = $6); } ;
scratchdir:	PATH				{ $$ = ast_pitems(p->a, (pitem_list){0}, (struct pitem){$1, NONE}); } ;
device:		"device" words			{ $$ = LINE(@$, .kind = LINE_DEVICE, .verb = $1, .items = $2); } ;
symlink:	"symlink" PATH PATH		{ $$ = LINE(@$, .kind = LINE_SYMLINK, .verb = $1, .items = PAIR($2, $3)); } ;
pathverb:	"read" | "write" | "exec" | "load" ;
pitems:		pitem				{ $$ = ast_pitems(p->a, (pitem_list){0}, $1); }
	|	pitems pitem			{ $$ = ast_pitems(p->a, $1, $2); } ;
pitem:		PATH digest			{ $$ = (struct pitem){$1, $2}; }
	|	STRING				{ $$ = (struct pitem){$1, NONE}; } ;
digest:		%empty { $$ = NONE; } | DIGEST ;
except:		%empty { $$ = (lexeme_list){0}; }
	|	"except" pathnames		{ $$ = $2; } ;
pathnames:	pathname			{ $$ = ONE($1); }
	|	pathnames pathname		{ $$ = MORE($1, $2); } ;
submounts:	%empty { $$ = false; } | "submounts" { $$ = true; } ;
slot:		%empty { $$ = false; } | "slot" { $$ = true; } ;
inodes:		%empty { $$ = NONE; } | "inodes" NUM { $$ = $2; } ;
exec:		%empty { $$ = false; } | "exec" { $$ = true; } ;

envline:	pass tail			{ $$ = ast_tail($1, $2); }
	|	set_env because			{ $$ = ast_because($1, $2); }
	|	secret because			{ $$ = ast_because($1, $2); } ;
pass:		"pass" words			{ $$ = LINE(@$, .kind = LINE_PASS, .verb = $1, .items = $2); } ;
set_env:	"set" ENVKEY bare		{ $$ = LINE(@$, .kind = LINE_SET, .verb = $1, .items = PAIR($2, $3)); } ;
secret:		"secret" word "from" "fd" NUM	{ $$ = LINE(@$, .kind = LINE_SECRET, .verb = $1, .items = PAIR($2, $5)); } ;
bare:		STRING | BARE ;

denial:		pattern because			{ $$ = ast_because($1, $2); } ;
assertion:	verdict pattern			{ $$ = ast_verdict($2, $1); } ;
verdict:	"allow" | "deny" ;
pattern:	"syscall" calls			{ $$ = LINE(@$, .kind = LINE_CALLS, .verb = $1, .calls = $2); }
	|	"cap" words			{ $$ = LINE(@$, .kind = LINE_CAPS, .verb = $1, .items = $2); }
	|	net | sock | unix | hosts | files
	|	"env" words			{ $$ = LINE(@$, .kind = LINE_PASS, .verb = $1, .items = $2); }
	|	"fd" NUM			{ $$ = LINE(@$, .kind = LINE_FD, .verb = $1, .items = ONE($2)); }
	|	"limit" word value		{ $$ = LINE(@$, .kind = LINE_LIMIT, .verb = $1, .items = PAIR($2, $3)); } ;
files:		pathverb pitems			{ $$ = LINE(@$, .kind = LINE_PATH, .verb = $1, .paths = $2); } ;

tail:		on unsafe because		{ $$ = (struct tail){$1, $2, $3}; } ;
on:		%empty { $$ = NONE; } | "on" NAME { $$ = $2; } ;
unsafe:		%empty { $$ = (struct span){0}; } | "unsafe" { $$ = @1; } ;
because:	%empty { $$ = NONE; } | "because" STRING { $$ = $2; } ;

words:		word				{ $$ = ONE($1); }
	|	words word			{ $$ = MORE($1, $2); } ;
word:		NAME | "abp" | "policy" | "module" | "ceiling" | "title" | "owner" | "import" | "within" | "run"
	|	"limits" | "syscalls" | "caps" | "ports" | "paths" | "env" | "never" | "test" | "allow" | "deny"
	|	"connect" | "listen" | "bind" | "tcp" | "udp" | "any" | "as" | "local" | "socket" | "unix" | "pair"
	|	"host" | "proxy" | "read" | "write" | "load" | "exec" | "submounts" | "scratch" | "size" | "inodes"
	|	"device" | "symlink" | "pass" | "set" | "secret" | "fd" | "syscall" | "cap" | "limit" ;

%%

static void yyerror(const YYLTYPE *at, struct parser *p, const char *msg)
{
	diag_error(p->d, *at, "ABP-SYN-001", "%s", msg);
}

static int yyreport_syntax_error(const yypcontext_t *ctx, struct parser *p)
{
	yysymbol_kind_t kind[YYNTOKENS];
	const char *name[YYNTOKENS];
	int n = yypcontext_expected_tokens(ctx, kind, YYNTOKENS);
	for (int i = 0; i < n; i++)
		name[i] = yysymbol_name(kind[i]);
	yysymbol_kind_t found = yypcontext_token(ctx);
	const char *what = found == YYSYMBOL_YYEMPTY ? "" : yysymbol_name(found);
	syntax_error(p, &(struct syntax){what, *yypcontext_location(ctx), name, n});
	return 0;
}

struct unit *abp_parse(struct arena *a, struct diags *d, const struct source *src)
{
	struct parser p = {.a = a, .d = d, .src = src, .sep = true};
	if (!text_check(d, src) || !lex_start(&p))
		return NULL;
	yyparse(&p);
	lex_stop(&p);
	return p.unit && p.unit->name.text ? p.unit : NULL;
}
