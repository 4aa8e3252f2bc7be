$ abpc check -I mod agent-1.abp agent-2.abp
agent-2.abp:19:20: error: `allow SYS_CHROOT` goes beyond the ceiling g.ceiling 1.0.0: it permits `cap SYS_CHROOT` [ABP-LAW-002]
        caps   { allow SYS_CHROOT unsafe because "unpacks into a root of its own" }
                       ^~~~~~~~~~
agent-2.abp:6:12: note: the policy must stay within g.ceiling 1.0.0
        within g.ceiling ~1.0
               ^~~~~~~~~~~~~~
1 error
agent-1.abp: g.agent 1.0.0 is accepted
exit 1
$ abpc test -I mod agent-1.abp
ok   shape: allow connect tcp 203.0.113.10:443
ok   shape: allow write /task/x
ok   shape: deny write /task/.git/hooks/pre-commit
ok   shape: deny listen tcp *:4444
ok   shape: deny cap NET_RAW
