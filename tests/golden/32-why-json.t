$ abpc why --json -I mod agent-1.abp cap NET_RAW
{
  "schema": "abp-why/1",
  "policy": "g.agent",
  "version": "1.0.0",
  "answers": [
    {
      "pattern": "cap NET_RAW",
      "verdict": "denied",
      "denied": {
        "event": "cap NET_RAW",
        "sees": "EPERM from what needs the capability",
        "would_allow": "caps { allow NET_RAW unsafe because \"...\" }",
        "unsafe": "a capability opens part of the kernel that no other wall covers",
        "forbidden_by": [
          {
            "item": "never cap any",
            "where": "agent-1.abp:21",
            "imported": null
          },
          {
            "item": "within g.ceiling 1.0.0",
            "where": "agent-1.abp:6",
            "imported": null
          }
        ]
      },
      "walls": [
        {
          "wall": "capabilities",
          "claim": "exact",
          "when": null
        }
      ]
    }
  ]
}
exit 1
