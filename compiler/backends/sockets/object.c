/*
 * object.c - sockets.bpf.o: what libbpf and bpftool load.  No BTF: there are no maps.
 *
 * One PROGBITS section and one global function per hook, a license, symbols, names.  Source: elf(5), libelf.
 */
#include "compiler/backends/sockets/sockets.h"

#include <fcntl.h>
#include <libelf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char license[] = "Dual BSD/GPL";

struct writer {
	Elf *elf;
	struct buf names, symbols;
	bool good;
};

static uint32_t name_of(struct writer *w, const char *s)
{
	uint32_t at = (uint32_t)w->names.len;
	buf_add(&w->names, s, strlen(s) + 1);
	return at;
}

/* A section with its bytes; its number, or 0. */
static size_t add_section(struct writer *w, Elf64_Shdr head, const void *bytes, size_t n, Elf_Type type)
{
	Elf_Scn *scn = elf_newscn(w->elf);
	Elf_Data *data = scn ? elf_newdata(scn) : NULL;
	Elf64_Shdr *to = scn ? elf64_getshdr(scn) : NULL;
	if (!data || !to) {
		w->good = false;
		return 0;
	}
	data->d_buf = (void *)(uintptr_t)bytes; /* libelf reads only */
	data->d_size = n;
	data->d_type = type;
	data->d_align = head.sh_addralign;
	data->d_version = EV_CURRENT;
	*to = head;
	return elf_ndxscn(scn);
}

static void add_program(struct writer *w, const struct hookdef *d, const struct buf *insns)
{
	Elf64_Shdr head = {.sh_name = name_of(w, d->section),
			   .sh_type = SHT_PROGBITS,
			   .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
			   .sh_addralign = 8};
	size_t at = add_section(w, head, insns->data, insns->len, ELF_T_BYTE);
	Elf64_Sym sym = {.st_name = name_of(w, d->name),
			 .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			 .st_shndx = (Elf64_Half)at,
			 .st_size = insns->len};
	buf_add(&w->symbols, &sym, sizeof sym);
}

static void add_all(struct writer *w, const struct buf insns[ABPB_N_HOOKS])
{
	Elf64_Ehdr *e = elf64_newehdr(w->elf);
	if (!e) {
		w->good = false;
		return;
	}
	e->e_ident[EI_DATA] = ELFDATA2LSB;
	e->e_type = ET_REL;
	e->e_machine = EM_BPF;
	e->e_version = EV_CURRENT;
	buf_putc(&w->names, 0);
	buf_add(&w->symbols, &(Elf64_Sym){0}, sizeof(Elf64_Sym));
	for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++)
		add_program(w, hook_def(h), &insns[h]);
	Elf64_Shdr lic = {.sh_name = name_of(w, "license"),
			  .sh_type = SHT_PROGBITS,
			  .sh_flags = SHF_ALLOC | SHF_WRITE,
			  .sh_addralign = 1};
	size_t last = add_section(w, lic, license, sizeof license, ELF_T_BYTE);
	Elf64_Shdr sym = {.sh_name = name_of(w, ".symtab"),
			  .sh_type = SHT_SYMTAB,
			  .sh_addralign = 8,
			  .sh_entsize = sizeof(Elf64_Sym),
			  .sh_link = (Elf64_Word)last + 2,
			  .sh_info = 1};
	add_section(w, sym, w->symbols.data, w->symbols.len, ELF_T_SYM);
	Elf64_Shdr str = {.sh_name = name_of(w, ".strtab"), .sh_type = SHT_STRTAB, .sh_addralign = 1};
	e->e_shstrndx = (Elf64_Half)add_section(w, str, w->names.data, w->names.len, ELF_T_BYTE);
}

/* libelf writes to descriptors only. */
static bool take(int fd, struct buf *out)
{
	char part[4096];
	ssize_t n;
	for (off_t at = 0; (n = pread(fd, part, sizeof part, at)) > 0; at += n)
		buf_add(out, part, (size_t)n);
	return n == 0 && out->len > 0;
}

bool sockets_object(struct arena *a, const struct buf insns[ABPB_N_HOOKS], struct buf *out)
{
	struct writer w = {.names = buf_new(a), .symbols = buf_new(a), .good = true};
	int fd = memfd_create("sockets.bpf.o", MFD_CLOEXEC);
	if (fd < 0 || elf_version(EV_CURRENT) == EV_NONE || !(w.elf = elf_begin(fd, ELF_C_WRITE, NULL))) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	add_all(&w, insns);
	bool good = w.good && elf_update(w.elf, ELF_C_WRITE) > 0 && take(fd, out);
	elf_end(w.elf);
	close(fd);
	return good;
}
