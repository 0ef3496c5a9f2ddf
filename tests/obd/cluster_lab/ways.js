/** @file Ways through each task of the lab: right ones, and wrong ones of the kinds that students go. */

import { edit, onPods, wait, write } from "./student.js";

/** The tasks that take the longest; they are tested in a file of their own. */
export const CHANGES = ["k8s-rollout", "k8s-rollback", "k8s-probe"];

const APPLY = "kubectl apply -f manifest.yaml";
const first = (pods) => pods.slice(0, 1);
const onNode2 = (pods) => pods.filter((it) => it.spec.nodeName === "node-2");
const stopLoad = (student) => student.lab.load.stop();
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: first}
spec:
  selector: {matchLabels: {app: tiles}}
  template:
    metadata: {labels: {app: tiles}}
    spec: {containers: [{name: tiles, image: "tiles:1.0"}]}
`;
const READINESS =
  "          readinessProbe:\n            httpGet:\n              path: /ready\n              port: " +
  "8080\n            periodSeconds: 1\n";
const LIVENESS =
  "          livenessProbe:\n            httpGet:\n              path: /alive\n              port: " +
  "8081\n            periodSeconds: 2\n            failureThreshold: 2\n";

/**
 * Ways through each task that are right, and ways that are not, each with a word that the student must be told.
 * @type {Record<string, {right: Record<string, any[]>, wrong: Record<string, [any[], RegExp]>}>}
 */
export const WAYS = {
  "k8s-first-pod": {
    right: {
      "the manifest applied": [APPLY, wait(5)],
      "kubectl run": ["kubectl run first --image=tiles:2.0", wait(5)],
      "a wrong image put right": [edit("1.0", "9.9"), APPLY, wait(20), edit("9.9", "1.0"), APPLY, wait(30)],
    },
    wrong: {
      "nothing done": [[wait(5)], /no Pod yet/],
      "another name": [["kubectl run second --image=tiles:1.0", wait(5)], /no Pod called "first", only second/],
      "a program that ends": [["kubectl run first --image=mosaic:1.0 --restart=Never", wait(9)], /ended \(Error\)/],
      "an image that is not there": [["kubectl run first --image=tiles:3.0", wait(9)], /ErrImagePull/],
      "a version that ends at once": [["kubectl run first --image=tiles:2.2", wait(9)], /not ready/],
      "a Deployment instead": [[write(DEPLOYMENT), APPLY, wait(9)], /without a Deployment/],
      "deleted again": [[APPLY, wait(5), "kubectl delete pod first", wait(0.5)], /being deleted/],
      "deleted for good": [[APPLY, wait(5), "kubectl delete pod first", wait(5)], /no Pod yet/],
    },
  },
  "k8s-three": {
    right: {
      "edited and applied": [edit("replicas: 1", "replicas: 3"), APPLY, wait(10)],
      "applied and scaled": [APPLY, wait(5), "kubectl scale deployment tiles --replicas=3", wait(10)],
      "scaled too far and back": [
        APPLY,
        "kubectl scale deploy/tiles --replicas=6",
        wait(8),
        "kubectl scale deploy/tiles --replicas=3",
        wait(8),
      ],
    },
    wrong: {
      "nothing done": [[wait(5)], /no Deployment called "tiles" yet/],
      "applied as it is": [[APPLY, wait(10)], /asks for 1 Pod, and it should ask for 3/],
      "scaled to 2": [[APPLY, "kubectl scale deploy tiles --replicas=2", wait(10)], /asks for 2 Pods/],
      "three Pods without a Deployment": [
        [...["a", "b", "c"].map((it) => `kubectl run ${it} --image=tiles:1.0`), wait(5)],
        /3 Pods without a Deployment/,
      ],
      "never ready": [
        [edit("1.0", "2.1"), edit("replicas: 1", "replicas: 3"), APPLY, wait(15)],
        /0 of the 3 Pods wanted are ready.*readiness probe/,
      ],
      "asked too early": [[edit("replicas: 1", "replicas: 3"), APPLY, wait(1)], /of the 3 Pods wanted (is|are) ready/],
      "another name": [
        [edit("name: tiles", "name: web"), edit("replicas: 1", "replicas: 3"), APPLY, wait(10)],
        /no Deployment called "tiles"/,
      ],
    },
  },
  "k8s-heal": {
    right: {
      "one Pod deleted": [onPods("kubectl delete pod POD", first), wait(10)],
      "all Pods deleted": [onPods("kubectl delete pod/POD"), wait(12)],
      "deleted by label": ["kubectl delete pods -l app=tiles", wait(12)],
    },
    wrong: {
      "nothing done": [[wait(5)], /No Pod of the Deployment was deleted yet/],
      "the Deployment deleted": [["kubectl delete deployment tiles", wait(5)], /is gone/],
      "the ReplicaSet deleted": [["kubectl delete rs --all", wait(10)], /ReplicaSet; the Deployment made another/],
      "scaled down and up": [
        ["kubectl scale deploy tiles --replicas=2", wait(5), "kubectl scale deploy tiles --replicas=3", wait(8)],
        /Scaling/,
      ],
      "a node drained": [["kubectl drain node-1", wait(10)], /Draining/],
      "another Pod deleted": [
        ["kubectl run x --image=tiles:1.0", wait(5), "kubectl delete pod x", wait(5)],
        /belonged to no ReplicaSet/,
      ],
      "asked too early": [[onPods("kubectl delete pod POD", first), wait(1)], /of the 3 Pods wanted (is|are) ready/],
      "asked at once": [[onPods("kubectl delete pod POD", first)], /No Pod took its place yet/],
      "only two wanted": [
        ["kubectl scale deploy tiles --replicas=2", wait(5), onPods("kubectl delete pod POD", first), wait(8)],
        /asks for 2 Pods/,
      ],
    },
  },
  "k8s-endpoints": {
    right: {
      "selector put right": [edit("app: tile\n", "app: tiles\n"), APPLY, wait(2)],
      "made anew by expose": [
        "kubectl delete service tiles",
        "kubectl expose deployment tiles --port=80 --target-port=8080",
        wait(2),
      ],
      "with a NodePort": [edit("app: tile\n", "app: tiles\n  type: NodePort\n"), APPLY, wait(2)],
    },
    wrong: {
      "nothing done": [[wait(5)], /no endpoints.*letter by letter/],
      "more Pods": [["kubectl scale deploy tiles --replicas=5", wait(8)], /no endpoints/],
      "the Service deleted": [["kubectl delete svc tiles", wait(2)], /no Service called "tiles"/],
      "a Service of another name": [
        ["kubectl expose deployment tiles --name=web --port=80 --target-port=8080", wait(2)],
        /no endpoints/,
      ],
      "the selector removed": [[edit("  selector:\n    app: tile\n", ""), APPLY, wait(2)], /no selector/],
      "a port where nobody listens": [
        [edit("app: tile\n", "app: tiles\n"), edit("8080", "80"), APPLY, wait(2)],
        /no answer.*port/,
      ],
      "a Pod labelled to fit": [
        [onPods("kubectl label pod POD app=tile --overwrite", first), wait(8)],
        /not belong to the Deployment/,
      ],
      "the Deployment deleted": [["kubectl delete deploy tiles", wait(3)], /Deployment "tiles" is gone/],
      "a selector of one Pod": [
        [onPods("kubectl label pod POD is=one", first), edit("app: tile\n", "is: one\n"), APPLY, wait(2)],
        /1 of the 3/,
      ],
    },
  },
  "k8s-rollout": {
    right: {
      "set image": ["kubectl set image deployment/tiles tiles=tiles:2.0", wait(25)],
      "edited and applied": [edit("1.0", "2.0"), APPLY, wait(25)],
      "after a version that is not there": [
        "kubectl set image deployment/tiles tiles=tiles:9.9",
        wait(10),
        "kubectl set image deployment/tiles tiles=tiles:2.0",
        wait(30),
      ],
      "again, after requests were lost": [
        ...[edit("1.0", "2.0"), edit(READINESS, ""), APPLY, wait(15)],
        ...[edit("2.0", "1.0"), edit("8080\n", `8080\n${READINESS}`), APPLY, wait(25)],
        ...[edit("1.0", "2.0"), APPLY, wait(25)],
      ],
    },
    wrong: {
      "nothing done": [[wait(5)], /still asks for tiles:1.0/],
      "a version that is never ready": [
        ["kubectl set image deployment/tiles tiles=tiles:2.1", wait(15)],
        /asks for tiles:2.1.*not the version wanted/,
      ],
      "a version that is not there": [
        ["kubectl set image deployment/tiles tiles=tiles:9.9", wait(15)],
        /asks for tiles:9.9/,
      ],
      "asked too early": [
        ["kubectl set image deployment/tiles tiles=tiles:2.0", wait(5)],
        /of the 3 Pods wanted of tiles:2.0.*another version/,
      ],
      "without a readiness probe": [
        [edit("1.0", "2.0"), edit(READINESS, ""), APPLY, wait(20)],
        /failed.*from when on a new Pod can answer/,
      ],
      "all at once": [
        [edit("  selector", "  strategy:\n    type: Recreate\n  selector"), edit("1.0", "2.0"), APPLY, wait(25)],
        /failed.*old Pods go before/,
      ],
      "the Deployment deleted and made anew": [
        ["kubectl delete deployment tiles", wait(3), edit("1.0", "2.0"), APPLY, wait(15)],
        /failed.*no Pods that were ready/,
      ],
      "all old Pods deleted": [[edit("1.0", "2.0"), APPLY, onPods("kubectl delete pod POD"), wait(25)], /failed/],
      "without requests": [
        [stopLoad, "kubectl set image deployment/tiles tiles=tiles:2.0", wait(25)],
        /hardly any request/,
      ],
      "fewer Pods": [[edit("1.0", "2.0"), edit("replicas: 3", "replicas: 1"), APPLY, wait(25)], /asks for 1 Pod/],
      "the Deployment deleted": [["kubectl delete deployment tiles", wait(5)], /is gone/],
    },
  },
  "k8s-rollback": {
    right: {
      undone: [
        "kubectl set image deployment/tiles tiles=tiles:2.1",
        wait(15),
        "kubectl rollout undo deployment/tiles",
        wait(10),
      ],
      "applied as before": [edit("1.0", "2.1"), APPLY, wait(15), edit("2.1", "1.0"), APPLY, wait(10)],
      "to a revision": [
        "kubectl set image deploy/tiles tiles=tiles:2.1",
        wait(9),
        "kubectl rollout undo deploy/tiles --to-revision=1",
        wait(9),
      ],
    },
    wrong: {
      "nothing done": [[wait(5)], /No Pod of tiles:2.1 was seen/],
      "on to a further version": [
        [
          "kubectl set image deploy/tiles tiles=tiles:2.1",
          wait(9),
          "kubectl set image deploy/tiles tiles=tiles:2.0",
          wait(30),
        ],
        /not the way back/,
      ],
      stuck: [
        ["kubectl set image deployment/tiles tiles=tiles:2.1", wait(15)],
        /never get ready.*3 Pods of the version before are ready and serve/,
      ],
      "the broken version again": [
        [
          "kubectl set image deployment/tiles tiles=tiles:2.1",
          wait(15),
          "kubectl rollout undo deployment/tiles",
          wait(8),
          "kubectl set image deployment/tiles tiles=tiles:2.1",
          wait(8),
        ],
        /never get ready/,
      ],
      "another version tried": [
        [
          "kubectl set image deployment/tiles tiles=tiles:2.0",
          wait(20),
          "kubectl rollout undo deployment/tiles",
          wait(20),
        ],
        /No Pod of tiles:2.1 was seen/,
      ],
      "the Deployment deleted and made anew": [
        [
          "kubectl set image deployment/tiles tiles=tiles:2.1",
          wait(9),
          "kubectl delete deployment tiles",
          wait(3),
          APPLY,
          wait(9),
        ],
        /deleted and made again/,
      ],
      "the broken Pod deleted": [
        [
          "kubectl set image deployment/tiles tiles=tiles:2.1",
          wait(9),
          onPods("kubectl delete pod POD", (pods) => pods.slice(-1)),
          wait(9),
        ],
        /never get ready/,
      ],
      "the Deployment deleted": [
        ["kubectl set image deployment/tiles tiles=tiles:2.1", wait(9), "kubectl delete deployment tiles", wait(3)],
        /is gone/,
      ],
      "asked too early": [
        ["kubectl set image deployment/tiles tiles=tiles:2.1", wait(15), "kubectl rollout undo deployment/tiles"],
        /another version is still there/,
      ],
    },
  },
  "k8s-probe": {
    right: {
      "the port put right": [wait(9), edit("8081", "8080"), APPLY, wait(25)],
      "after a long time of restarts": [wait(100), edit("8081", "8080"), APPLY, wait(60)],
      "by a port's name": [
        edit("- containerPort: 8080", "- name: http\n              containerPort: 8080"),
        edit("8081", "http"),
        APPLY,
        wait(25),
      ],
      "another right place": [edit("8081", "8080"), edit("/alive", "/"), APPLY, wait(25)],
    },
    wrong: {
      "nothing done": [[wait(15)], /port 8081.*nothing listens/],
      "nothing done, at the beginning": [[wait(1)], /port 8081.*nothing listens/],
      "nothing done, much later": [[wait(120)], /port 8081.*nothing listens/],
      "the probe removed": [[edit(LIVENESS, ""), APPLY, wait(25)], /probe is gone.*nobody would notice/],
      "only more patient": [
        [edit("failureThreshold: 2", "failureThreshold: 1000"), APPLY, wait(25)],
        /port 8081.*nothing listens/,
      ],
      "the wrong path": [[edit("8081", "8080"), edit("/alive", "/health"), APPLY, wait(4)], /answers 404/],
      "Pods deleted": [[onPods("kubectl delete pod POD"), wait(20)], /port 8081.*nothing listens/],
      restarted: [["kubectl rollout restart deployment/tiles", wait(15)], /port 8081.*nothing listens/],
      "a command that always succeeds": [
        [
          edit(
            "httpGet:\n              path: /alive\n              port: 8081",
            'exec:\n              command: ["true"]',
          ),
          APPLY,
          wait(25),
        ],
        /always succeeds/,
      ],
      "asked too early": [[edit("8081", "8080"), APPLY, wait(9)], /look a little longer/],
      "a name that no port has": [[edit("8081", "web"), APPLY, wait(9)], /none of that name/],
      "the Deployment deleted": [["kubectl delete deployment tiles", wait(5)], /is gone/],
    },
  },
  "k8s-field": {
    right: {
      "both fields put right": [edit("replica:", "replicas:"), edit("containerport", "containerPort"), APPLY, wait(10)],
      "one after the other": [
        APPLY,
        edit("replica:", "replicas:"),
        APPLY,
        edit("containerport", "containerPort"),
        APPLY,
        wait(10),
      ],
      "after it was left out": [
        edit("  replica: 3\n", ""),
        edit("containerport", "containerPort"),
        APPLY,
        wait(5),
        edit("  selector", "  replicas: 3\n  selector"),
        APPLY,
        wait(8),
      ],
    },
    wrong: {
      "nothing done": [[wait(5)], /refused whole/],
      "applied as it is": [[APPLY, wait(5)], /refused whole/],
      "one of two": [[edit("replica:", "replicas:"), APPLY, wait(9)], /refused whole/],
      "the line left out": [
        [edit("  replica: 3\n", ""), edit("containerport", "containerPort"), APPLY, wait(9)],
        /no longer says how many Pods/,
      ],
      "the line left out, then scaled": [
        [
          edit("  replica: 3\n", ""),
          edit("containerport", "containerPort"),
          APPLY,
          "kubectl scale deploy tiles --replicas=3",
          wait(9),
        ],
        /no longer says how many Pods/,
      ],
      "the port left out": [
        [
          edit("replica:", "replicas:"),
          edit("          ports:\n            - containerport: 8080\n", ""),
          APPLY,
          wait(9),
        ],
        /no longer tells its port/,
      ],
      "fewer Pods": [
        [edit("replica: 3", "replicas: 2"), edit("containerport", "containerPort"), APPLY, wait(9)],
        /asks for 2 Pods; at the beginning/,
      ],
      "made without the manifest": [["kubectl run tiles --image=tiles:1.0", wait(5)], /no Deployment/],
      "asked too early": [
        [edit("replica:", "replicas:"), edit("containerport", "containerPort"), APPLY, wait(1)],
        /of the 3 Pods wanted (is|are) ready/,
      ],
    },
  },
  "k8s-drain": {
    right: {
      drained: ["kubectl drain node-2", wait(15)],
      "with the flags of real clusters": ["kubectl drain node-2 --ignore-daemonsets --delete-emptydir-data", wait(15)],
      "closed, then its Pods deleted": ["kubectl cordon node-2", onPods("kubectl delete pod POD", onNode2), wait(15)],
    },
    wrong: {
      "nothing done": [[wait(5)], /node-2 is open/],
      "only closed": [["kubectl cordon node-2", wait(10)], /closing a node does not move/],
      "Pods deleted, node open": [[onPods("kubectl delete pod POD", onNode2), wait(10)], /node-2 is open/],
      "another node": [["kubectl drain node-3", wait(10)], /node-3 is closed.*node-2/],
      "opened again": [["kubectl drain node-2", wait(10), "kubectl uncordon node-2", wait(3)], /node-2.*open/],
      "the Deployment deleted": [
        ["kubectl drain node-2", "kubectl delete deployment tiles", wait(5)],
        /so is the service/,
      ],
      "fewer Pods": [
        ["kubectl scale deploy tiles --replicas=2", wait(5), "kubectl drain node-2", wait(10)],
        /asks for 2 Pods/,
      ],
      "all nodes": [
        ["kubectl drain node-1", "kubectl drain node-2", "kubectl drain node-3", wait(10)],
        /Pending.*where should the Pods go/s,
      ],
      "asked too early": [["kubectl drain node-2"], /last Pods are ending/],
    },
  },
  "k8s-complete": {
    right: {
      OnFailure: [edit("spec:\n", "spec:\n  restartPolicy: OnFailure\n"), APPLY, wait(15)],
      "seen first, then deleted and made anew": [
        APPLY,
        wait(30),
        "kubectl delete pod mosaic",
        wait(3),
        edit("spec:\n", "spec:\n  restartPolicy: OnFailure\n"),
        APPLY,
        wait(15),
      ],
      "kubectl run": ["kubectl run mosaic --image=mosaic:1.0 --restart=OnFailure", wait(15)],
    },
    wrong: {
      "nothing done": [[wait(5)], /no Pod called "mosaic"/],
      "as it is": [[APPLY, wait(30)], /Always.*started again even after it succeeded/],
      "changed while it exists": [
        [APPLY, wait(9), edit("spec:\n", "spec:\n  restartPolicy: OnFailure\n"), APPLY, wait(15)],
        /A Pod that exists keeps its policy/,
      ],
      Never: [[edit("spec:\n", "spec:\n  restartPolicy: Never\n"), APPLY, wait(15)], /may not try again/],
      "asked too early": [[edit("spec:\n", "spec:\n  restartPolicy: OnFailure\n"), APPLY, wait(5)], /not ended yet/],
      "another image": [
        ["kubectl run mosaic --image=busybox:1.36 --restart=OnFailure -- true", wait(5)],
        /not the one that puts images together/,
      ],
      "an image that is not there": [
        ["kubectl run mosaic --image=mosaic:2.0 --restart=OnFailure", wait(5)],
        /cannot fetch the image mosaic:2.0/,
      ],
      "deleted when it was done": [
        [edit("spec:\n", "spec:\n  restartPolicy: OnFailure\n"), APPLY, wait(15), "kubectl delete pod mosaic", wait(3)],
        /no Pod called "mosaic"/,
      ],
    },
  },
};
