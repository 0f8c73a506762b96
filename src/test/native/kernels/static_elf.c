/*
 * What the static libelf of elfutils 0.192 (Debian 13) asks for and no package has, since it stands in a library that elfutils keeps
 * to itself. It is the tree of elf_getdata_rawchunk(), which libbpf does not call: empty, there is nothing to make or to free. A
 * libelf that brings it has the stronger symbols.
 */
void eu_search_tree_init(void *tree, int (*compare)(const void *, const void *));
void eu_search_tree_fini(void *tree, void (*free_node)(void *));

__attribute__((weak)) void eu_search_tree_init(void *tree, int (*compare)(const void *, const void *))
{
	(void)tree;
	(void)compare;
}

__attribute__((weak)) void eu_search_tree_fini(void *tree, void (*free_node)(void *))
{
	(void)tree;
	(void)free_node;
}
