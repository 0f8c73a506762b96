/* (t) io_uring; variants: "" send, "sqpoll" a kernel thread takes the requests, "async" workers carry them out */
#include "gen.h"
#include <linux/io_uring.h>
int main(int c,char**v){ gen_init(c,v,"t_uring"); gen_drop(); int poll=!strcmp(G.var,"sqpoll"); int s=udp_sock(); if(connect(s,gen_dst(),gen_dlen())){perror("connect");return 1;}
  struct io_uring_params p; memset(&p,0,sizeof p); if(poll){ p.flags=IORING_SETUP_SQPOLL; p.sq_thread_idle=1000; }
  int r=syscall(__NR_io_uring_setup,8,&p); if(r<0){perror("io_uring_setup");return 1;}
  size_t sl=p.sq_off.array+p.sq_entries*4, cl=p.cq_off.cqes+p.cq_entries*sizeof(struct io_uring_cqe);
  uint8_t*sq=mmap(0,sl,3,MAP_SHARED,r,IORING_OFF_SQ_RING),*cq=mmap(0,cl,3,MAP_SHARED,r,IORING_OFF_CQ_RING); struct io_uring_sqe*e=mmap(0,p.sq_entries*sizeof *e,3,MAP_SHARED,r,IORING_OFF_SQES);
  if(sq==MAP_FAILED||cq==MAP_FAILED||e==MAP_FAILED){perror("mmap");return 1;}
  uint32_t*tail=(void*)(sq+p.sq_off.tail),*flags=(void*)(sq+p.sq_off.flags),*array=(void*)(sq+p.sq_off.array),mask=*(uint32_t*)(sq+p.sq_off.ring_mask);
  uint32_t*chead=(void*)(cq+p.cq_off.head),*ctail=(void*)(cq+p.cq_off.tail),cmask=*(uint32_t*)(cq+p.cq_off.ring_mask); struct io_uring_cqe*q=(void*)(cq+p.cq_off.cqes);
  gen_start(); while(gen_go()){ uint32_t t=*tail,i=t&mask; memset(&e[i],0,sizeof *e); e[i].opcode=IORING_OP_SEND; e[i].fd=s; e[i].addr=(uintptr_t)G.buf; e[i].len=G.size; if(!strcmp(G.var,"async")) e[i].flags=IOSQE_ASYNC;
    array[i]=i; __atomic_store_n(tail,t+1,__ATOMIC_SEQ_CST);
    unsigned how=IORING_ENTER_GETEVENTS; if(poll&&__atomic_load_n(flags,__ATOMIC_SEQ_CST)&IORING_SQ_NEED_WAKEUP) how|=IORING_ENTER_SQ_WAKEUP;
    while(__atomic_load_n(ctail,__ATOMIC_ACQUIRE)==*chead) if(syscall(__NR_io_uring_enter,r,poll?0:1,1,how,0,0)<0&&errno!=EINTR){perror("enter");return 1;}
    gen_count(q[*chead&cmask].res<0?-1:0,1); __atomic_store_n(chead,*chead+1,__ATOMIC_RELEASE); }
  gen_report(0,0); return 0; }
