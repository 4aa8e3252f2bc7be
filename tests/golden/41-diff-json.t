$ abpc diff --json -I mod agent-1.abp agent-2.abp
{
  "schema": "abp-diff/1",
  "old": {
    "name": "g.agent",
    "version": "1.0.0",
    "sha256": "4582125d166010e8da098c7bacc16e17a1cf916e7bc38dd55cf21a80820a7a8c"
  },
  "new": {
    "name": "g.agent",
    "version": "1.1.0",
    "sha256": "6234be9222c923226c18eb79682363dddf621bcc1ad32f48aa0f888d31542eb5"
  },
  "wider": true,
  "narrower": true,
  "changed": true,
  "rows": [
    {
      "kind": "widened",
      "item": "listen tcp 127.0.0.1:8000-8100",
      "where": "agent-2.abp:16",
      "witness": "bind tcp 127.0.0.1:8100"
    },
    {
      "kind": "widened",
      "item": "allow SYS_CHROOT unsafe",
      "where": "agent-2.abp:19",
      "witness": "cap SYS_CHROOT"
    },
    {
      "kind": "narrowed",
      "item": "pass TERM",
      "where": "agent-1.abp:19",
      "witness": "env TERM"
    },
    {
      "kind": "widened",
      "item": "memory 1G -> 2G",
      "where": "agent-2.abp:21",
      "witness": null
    },
    {
      "kind": "narrowed",
      "item": "wall 30m -> 20m",
      "where": "agent-2.abp:21",
      "witness": null
    },
    {
      "kind": "changed",
      "item": "scratch /tmp: size 64M -> size 128M",
      "where": null,
      "witness": null
    },
    {
      "kind": "changed",
      "item": "never cap any: dropped",
      "where": "agent-1.abp:21",
      "witness": null
    }
  ]
}
