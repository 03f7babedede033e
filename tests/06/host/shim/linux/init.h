#define __init
#define __initdata
