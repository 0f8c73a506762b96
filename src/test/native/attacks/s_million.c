/* (s) one unconnected UDP socket, each packet to another address: IP and the 2^20 - 1 that follow it; variant "scattered": in no order */
#include "gen.h"
/* each number below 2^20 once */
static uint32_t scatter(uint32_t i){ i=(i*0x9e375)&0xfffff; i^=i>>10; i=(i*0x85ebd)&0xfffff; return i^i>>9; }
int main(int c,char**v){ gen_init(c,v,"s_million"); gen_drop(); int s=udp_sock(), sc=!strcmp(G.var,"scattered"); uint32_t base=ntohl(G.d4.sin_addr.s_addr), i=0;
  gen_start(); while(i<1<<20&&gen_go()){ G.d4.sin_addr.s_addr=htonl(base+(sc?scatter(i):i)); i++; gen_count(sendto(s,G.buf,G.size,0,gen_dst(),gen_dlen()),1);} gen_report(0,0); return 0; }
