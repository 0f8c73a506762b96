/* No attack: takes packets from a queue of the kernel (NFQUEUE), as a firewall in user space does, and gives each back.
 * usage: z_queue number seconds [ip port]     with an address it sends a datagram of its own for each
 * Its child does, so that it is nobody's own child, as daemons are. It says its number when it has the queue, ends when the
 * time is over or its standard input is closed, and says how many it gave back. */
#include "gen.h"
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>

struct message { struct nlmsghdr head; struct nfgenmsg family; char room[64]; };
static int fd; static uint16_t queue;

static void begin(struct message *m,int type){ memset(m,0,sizeof *m); m->head.nlmsg_len=NLMSG_LENGTH(sizeof m->family);
  m->head.nlmsg_type=NFNL_SUBSYS_QUEUE<<8|type; m->head.nlmsg_flags=NLM_F_REQUEST; m->family.version=NFNETLINK_V0; m->family.res_id=htons(queue); }
static void put(struct message *m,int type,const void *value,size_t size){ struct nlattr a={.nla_len=NLA_HDRLEN+size,.nla_type=type};
  char *to=(char*)m+NLMSG_ALIGN(m->head.nlmsg_len); memcpy(to,&a,sizeof a); memcpy(to+NLA_HDRLEN,value,size);
  m->head.nlmsg_len=NLMSG_ALIGN(m->head.nlmsg_len)+NLA_ALIGN(a.nla_len); }
static void tell(struct message *m){ struct sockaddr_nl kernel={.nl_family=AF_NETLINK};
  if(sendto(fd,m,m->head.nlmsg_len,0,(void*)&kernel,sizeof kernel)<0){ perror("netlink"); exit(1);} }
static void take(void){ struct nfqnl_msg_config_cmd bind={.command=NFQNL_CFG_CMD_BIND}; struct nfqnl_msg_config_params meta={.copy_mode=NFQNL_COPY_META};
  uint32_t most=htonl(1<<16); struct message m;
  begin(&m,NFQNL_MSG_CONFIG); put(&m,NFQA_CFG_CMD,&bind,sizeof bind); put(&m,NFQA_CFG_PARAMS,&meta,sizeof meta); put(&m,NFQA_CFG_QUEUE_MAXLEN,&most,sizeof most);
  m.head.nlmsg_flags|=NLM_F_ACK; tell(&m);
  char b[4096]; if(recv(fd,b,sizeof b,0)<(ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr))||((struct nlmsgerr*)NLMSG_DATA((struct nlmsghdr*)b))->error){ fprintf(stderr,"no queue\n"); exit(1);} }
/* The number of a packet in the queue, or 0 */
static uint32_t packet_of(const struct nlmsghdr *h){ const struct nlattr *a=(void*)((char*)NLMSG_DATA(h)+NLMSG_ALIGN(sizeof(struct nfgenmsg)));
  if(h->nlmsg_type!=(NFNL_SUBSYS_QUEUE<<8|NFQNL_MSG_PACKET)) return 0;
  for(;(char*)a+NLA_HDRLEN<=(char*)h+h->nlmsg_len&&a->nla_len>=NLA_HDRLEN;a=(void*)((char*)a+NLA_ALIGN(a->nla_len)))
    if(a->nla_type==NFQA_PACKET_HDR) return ntohl(((struct nfqnl_msg_packet_hdr*)((char*)a+NLA_HDRLEN))->packet_id);
  return 0; }
int main(int c,char**v){ if(c<3){ fprintf(stderr,"usage: %s number seconds\n",v[0]); return 2; } queue=(uint16_t)atoi(v[1]); double secs=atof(v[2]); if(secs>60) secs=60;
  pid_t child=fork(); if(child){ int status; return child<0||waitpid(child,&status,0)<0||status; } prctl(PR_SET_PDEATHSIG,SIGKILL);
  int room=64<<20, no=1; fd=socket(AF_NETLINK,SOCK_RAW,NETLINK_NETFILTER); struct sockaddr_nl own={.nl_family=AF_NETLINK};
  if(fd<0||bind(fd,(void*)&own,sizeof own)||setsockopt(fd,SOL_SOCKET,SO_RCVBUFFORCE,&room,sizeof room)||setsockopt(fd,SOL_NETLINK,NETLINK_NO_ENOBUFS,&no,sizeof no)){ perror("socket"); return 1; }
  struct sockaddr_in to={.sin_family=AF_INET,.sin_port=htons(c>4?atoi(v[4]):0)}; int udp=c>4&&inet_pton(AF_INET,v[3],&to.sin_addr)?socket(AF_INET,SOCK_DGRAM,0):-1;
  take(); printf("%d\n",getpid()); fflush(stdout); double t0=now(); int over=0; unsigned long long given=0; static char b[1<<16];
  while(now()-t0<secs){ struct pollfd p[2]={{fd,POLLIN,0},{over?-1:0,POLLIN,0}}; if(poll(p,2,100)<=0){ if(over) break; continue; }
    if(p[1].revents){ char x; over=read(0,&x,1)<=0; }
    ssize_t n=p[0].revents?recv(fd,b,sizeof b,MSG_DONTWAIT):0;
    for(struct nlmsghdr*h=(void*)b;n>0&&NLMSG_OK(h,n);h=NLMSG_NEXT(h,n)){ uint32_t id=packet_of(h); if(!id) continue;
      struct nfqnl_msg_verdict_hdr yes={.verdict=htonl(NF_ACCEPT),.id=htonl(id)}; struct message m; begin(&m,NFQNL_MSG_VERDICT); put(&m,NFQA_VERDICT_HDR,&yes,sizeof yes); tell(&m); given++;
      if(udp>=0&&sendto(udp,b,1,0,(void*)&to,sizeof to)!=1){ perror("sendto"); return 1; } } }
  printf("%llu\n",given); return 0; }
