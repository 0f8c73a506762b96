/* (s) one unconnected UDP socket, each packet to another address: IP and the 2^20 - 1 that follow it */
#include "gen.h"
int main(int c,char**v){ gen_init(c,v,"s_million"); gen_drop(); int s=udp_sock(); uint32_t base=ntohl(G.d4.sin_addr.s_addr), i=0;
  gen_start(); while(i<1<<20&&gen_go()){ G.d4.sin_addr.s_addr=htonl(base+i++); gen_count(sendto(s,G.buf,G.size,0,gen_dst(),gen_dlen()),1);} gen_report(0,0); return 0; }
