/* What must not be ends the program, with the line of the book. */
#ifndef SHIM_BUG_H
#define SHIM_BUG_H
#include <linux/types.h>
#include "../../host.h"

#define BUG()			host_fail(__FILE__, __LINE__, "BUG()")
#define BUG_ON(condition)	\
	((condition) ? host_fail(__FILE__, __LINE__, #condition) : (void)0)
#define WARN_ON(condition)	({ bool _warn = !!(condition); BUG_ON(_warn); _warn; })
#endif
