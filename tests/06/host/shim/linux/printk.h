#include <stdio.h>
#define printk(...)	fprintf(stderr, __VA_ARGS__)
#define pr_err		printk
#define pr_warn		printk
#define pr_info		printk
